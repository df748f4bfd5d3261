/** Container images. */
export interface ImageRegistry {
  /**
   * The same image by its digest: a tag may move, a digest names bytes.
   * @param imageUri `<registry>/<repository>:<tag>`
   * @returns `<registry>/<repository>@sha256:…`, or undefined when the repository has no such tag
   */
  pin(imageUri: string): Promise<string | undefined>;
}
