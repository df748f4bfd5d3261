/** A refusal or failure that a person can mend, told in one sentence. */
export class LocalCloudError extends Error {
  override readonly name = 'LocalCloudError';
}

/**
 * The local cloud is reached by loopback addresses alone, so that no command of it can speak to real AWS.
 * @throws LocalCloudError that names the address
 */
export function loopbackEndpoint(value: string): URL {
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    throw new LocalCloudError(`'${value}' is no address: expected something like http://127.0.0.1:4566`);
  }
  const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  if (!loopback || !/^https?:$/.test(url.protocol)) {
    throw new LocalCloudError(
      `${value} is not on this machine: the local cloud speaks to loopback addresses only, such as http://127.0.0.1:4566`,
    );
  }
  return url;
}
