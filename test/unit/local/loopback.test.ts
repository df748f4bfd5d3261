import { describe, expect, it } from 'vitest';
import { LocalCloudError, loopbackEndpoint } from '../../../local/loopback.ts';

describe('the endpoint of a local cloud', () => {
  it.each([
    'http://127.0.0.1:4566',
    'http://127.1.2.3:4566',
    'http://localhost:4566/',
    'http://[::1]:4566',
    'https://localhost',
    'http://127.1:80',
    'http://0x7f000001',
  ])('%s is on this machine', (address) => {
    expect(loopbackEndpoint(address).href).toContain('//');
  });

  it.each([
    'https://sts.amazonaws.com',
    'https://s3.us-east-1.amazonaws.com/127.0.0.1',
    'http://10.0.0.7:4566',
    'http://0.0.0.0:4566',
    'http://169.254.169.254/latest/meta-data',
    'http://127.0.0.1.example.org',
    'http://localhost.example.org:4566',
    'http://127.0.0.1@example.org',
    'http://example.org#127.0.0.1',
    'http://[::ffff:10.0.0.7]:4566',
    'ftp://127.0.0.1',
    'file:///127.0.0.1',
  ])('%s is refused by name', (address) => {
    const attempt = () => loopbackEndpoint(address);
    expect(attempt).toThrow(LocalCloudError);
    expect(attempt).toThrow(`${address} is not on this machine`);
  });

  it.each(['', '4566', 'localhost', '127.0.0.1', 'http://'])("'%s' is no address", (text) => {
    expect(() => loopbackEndpoint(text)).toThrow(LocalCloudError);
  });
});
