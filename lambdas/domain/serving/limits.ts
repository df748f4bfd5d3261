/** Rows in one request. Larger work belongs into a batch job: beyond this one caller starves the others of their function. */
export const maximumRows = 1000;

/** Bytes of a request's body. Base64 makes 4 MiB into 5.3 MiB, and Lambda takes events of at most 6 MB. */
export const maximumBodyBytes = 4 * 1024 * 1024;

/** Characters of a caller's own request id. */
export const maximumIdLength = 256;

/** Largest finite FP32 value. */
export const maximumFp32 = 3.4028234663852886e38;
