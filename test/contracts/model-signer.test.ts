import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { KmsSigner } from '../../lambdas/adapters/kms-signer.ts';
import { LocalSigner } from '../builders/local-signer.ts';
import { modelSignerContract } from './model-signer.contract.ts';
import { emulator } from './support/cloud.ts';

const config = emulator();

modelSignerContract('in memory', async () => {
  const signer = new LocalSigner();
  return { signer, publicKey: signer.publicKey };
});

modelSignerContract('KMS', async () => {
  const client = new KMSClient(config());
  const { KeyMetadata } = await client.send(
    new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }),
  );
  const signer = new KmsSigner(client, KeyMetadata?.KeyId ?? '');
  return { signer, publicKey: await signer.publicKey() };
});
