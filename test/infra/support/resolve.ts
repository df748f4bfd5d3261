import { z } from 'zod';

const intrinsics = z.union([
  z.strictObject({ Ref: z.string() }).transform(({ Ref }) => ({ kind: 'ref', id: Ref }) as const),
  z
    .strictObject({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) })
    .transform(
      (value) => ({ kind: 'attribute', id: value['Fn::GetAtt'][0], name: value['Fn::GetAtt'][1] }) as const,
    ),
  z
    .strictObject({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) })
    .transform((value) => ({ kind: 'join', by: value['Fn::Join'][0], parts: value['Fn::Join'][1] }) as const),
  z
    .strictObject({ 'Fn::ImportValue': z.string() })
    .transform((value) => ({ kind: 'import', name: value['Fn::ImportValue'] }) as const),
  z
    .strictObject({ 'Fn::Sub': z.string() })
    .transform((value) => ({ kind: 'sub', text: value['Fn::Sub'] }) as const),
  z
    .strictObject({ 'Fn::Select': z.tuple([z.number(), z.unknown()]) })
    .transform(
      (value) => ({ kind: 'select', index: value['Fn::Select'][0], list: value['Fn::Select'][1] }) as const,
    ),
  z
    .strictObject({ 'Fn::Split': z.tuple([z.string(), z.unknown()]) })
    .transform(
      (value) => ({ kind: 'split', by: value['Fn::Split'][0], text: value['Fn::Split'][1] }) as const,
    ),
]);

/** What the functions of a template stand for. */
export interface Meanings {
  readonly ref: (id: string) => string;
  readonly attribute: (id: string, name: string) => string;
  readonly importValue: (name: string) => unknown;
}

/**
 * A template's value with every CloudFormation function replaced by what it stands for.
 * @throws when it meets a function that it does not know, rather than let an assertion pass beside it
 */
export function resolve(value: unknown, meanings: Meanings): unknown {
  if (Array.isArray(value)) return value.map((each) => resolve(each, meanings));
  if (typeof value !== 'object' || value === null) return value;
  const known = intrinsics.safeParse(value);
  if (known.success) return call(known.data, meanings);
  const strange = Object.keys(value).find((key) => key === 'Ref' || key.startsWith('Fn::'));
  if (strange)
    throw new Error(
      `the template uses ${strange}, which these tests do not resolve: ${JSON.stringify(value)}`,
    );
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolve(each, meanings)]));
}

function call(intrinsic: z.infer<typeof intrinsics>, meanings: Meanings): unknown {
  switch (intrinsic.kind) {
    case 'ref':
      return meanings.ref(intrinsic.id);
    case 'attribute':
      return meanings.attribute(intrinsic.id, intrinsic.name);
    case 'import':
      return meanings.importValue(intrinsic.name);
    case 'join':
      return z.array(z.string()).parse(resolve(intrinsic.parts, meanings)).join(intrinsic.by);
    case 'split':
      return z.string().parse(resolve(intrinsic.text, meanings)).split(intrinsic.by);
    case 'select':
      return z.array(z.unknown()).parse(resolve(intrinsic.list, meanings))[intrinsic.index];
    case 'sub':
      return intrinsic.text.replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => meanings.ref(name));
  }
}
