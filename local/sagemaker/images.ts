import { z } from 'zod';

/** What stands in for each container image on this machine: repository name → command. */
export const imageMap = z.record(
  z.string().min(1),
  z.strictObject({
    command: z.array(z.string().min(1)).min(1),
    env: z.record(z.string(), z.string()).optional(),
  }),
);

export type ImageMap = z.infer<typeof imageMap>;
export type LocalImage = ImageMap[string];

/** `…/team/millrace-trainer:abc` or `…/millrace-trainer@sha256:…` → `millrace-trainer`. */
export function repositoryName(imageUri: string): string {
  const lastSegment = imageUri.slice(imageUri.lastIndexOf('/') + 1);
  return lastSegment.replace(/[@:].*$/, '');
}

/** `undefined` when nothing stands in for the image. */
export function resolveImage(images: ImageMap, imageUri: string): LocalImage | undefined {
  const name = repositoryName(imageUri);
  return Object.hasOwn(images, name) ? images[name] : undefined;
}
