/** Objects by address `s3://bucket/key`, versions included. */
export interface ObjectStore {
  /** Size and version of an object, or undefined when there is none. */
  stat(
    uri: string,
    versionId?: string,
  ): Promise<{ bytes: number; versionId: string | undefined } | undefined>;
  /** Reads an object whole. @throws PermanentError when there is none */
  read(uri: string, versionId?: string): Promise<Uint8Array>;
  /**
   * Streams an object to a file and hashes it on the way.
   * @returns lower-case hexadecimal SHA-256 and size in bytes
   */
  download(uri: string, path: string, versionId?: string): Promise<{ sha256: string; bytes: number }>;
  write(uri: string, body: Uint8Array | string, contentType: string): Promise<void>;
  /** Streams a file up. */
  upload(path: string, uri: string, contentType: string): Promise<void>;
}
