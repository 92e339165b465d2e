import * as z from 'zod';

/** What an owner is told about one field of the report. */
export const FieldPolicy = z.strictObject({
  purpose: z.string().min(8),
  category: z.enum(['device', 'platform', 'protocol']),
  retention: z.string().min(8),
  /** Whether counts of this field are shown to anybody. */
  public: z.boolean(),
});
export type FieldPolicy = z.infer<typeof FieldPolicy>;

const policies = z.registry<FieldPolicy>();

/** Gives a schema field its entry in the policy. A field without one fails the policy's test. */
export function field<T extends z.ZodType>(schema: T, policy: FieldPolicy): T {
  policies.add(schema, policy);
  return schema;
}

/** The policy of every leaf field below `schema`, in the schema's order; `policy` is missing where none was given. */
export function fieldsOf(schema: z.ZodType, path = ''): { path: string; policy: FieldPolicy | undefined }[] {
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape).flatMap(([name, inner]) => fieldsOf(inner as z.ZodType, `${path}/${name}`));
  if (schema instanceof z.ZodArray) return fieldsOf(schema.element as z.ZodType, `${path}/*`);
  return [{ path, policy: policies.get(schema) }];
}

/** The policy as a Markdown table: the README's, kept true by a test. */
export function policyTable(schema: z.ZodType): string {
  const rows = fieldsOf(schema).map(({ path, policy }) =>
    [`\`${path}\``, policy?.purpose, policy?.retention, policy?.public ? 'yes' : 'no'].join(' | '),
  );
  return ['| field | purpose | kept | shown in counts |', '|---|---|---|---|', ...rows.map((row) => `| ${row} |`)].join(
    '\n',
  );
}
