import * as z from 'zod';

/** An environment variable. */
export interface Setting<S extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly schema: S;
  /** In one line, for whoever sets it. */
  readonly about: string;
  /** whole: its value is shown to nobody. inside: a URL that may hold a password, which is blanked. */
  readonly secret: 'no' | 'whole' | 'inside';
  /** Whether it is printed at a start. */
  readonly printable: boolean;
  /** What is printed when it is not set; nothing without this. */
  readonly unset?: string;
}

export type SettingTable = Readonly<Record<string, Setting>>;
export type ValuesOf<T extends SettingTable> = { readonly [K in keyof T]: z.output<T[K]['schema']> };

export function setting<S extends z.ZodType>(
  name: string,
  schema: S,
  about: string,
  flags: Partial<Pick<Setting, 'secret' | 'printable' | 'unset'>> = {},
): Setting<S> {
  return { name, schema, about, secret: 'no', printable: true, ...flags };
}

export const wholeNumber = (fallback: number, min: number, max: number) =>
  z
    .string()
    .regex(/^[0-9]{1,9}$/, 'expected a whole number')
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .default(fallback);

/** `faultOf` says what is wrong with one of these forms, without repeating it. Blanks around it are nobody's intention. */
export const url = (pattern: RegExp, forms: string, faultOf: (given: string) => string | undefined) =>
  z
    .string()
    .trim()
    .regex(pattern, { message: `expected ${forms}`, abort: true })
    .superRefine((given, context) => {
      const fault = faultOf(given);
      if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
    })
    .optional();

/** What is wrong with the environment, by name. A secret's value is never repeated. */
export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(`configuration: ${problems.join('; ')}`);
    this.name = 'ConfigError';
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Throws {@link ConfigError} that names every setting at fault. An empty value counts as not set. */
export function readSettings<T extends SettingTable>(table: T, env: Environment): ValuesOf<T> {
  const given = new Map(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const names = new Set(Object.values(table).map(({ name }) => name));
  const unknown = [...given.keys()].filter((name) => name.startsWith('ROLLCALL_') && !names.has(name));
  const problems = unknown.map((name) => `${name} is not a setting`);
  const values = Object.entries(table).map(([key, { name, schema }]) => {
    const parsed = schema.safeParse(given.get(name));
    problems.push(...(parsed.error?.issues ?? []).map(({ message }) => `${name}: ${message}`));
    return [key, parsed.data];
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.fromEntries(values) as ValuesOf<T>;
}

type Printed = Readonly<Record<string, string | number | boolean>>;

/** The values as they may be printed: of a secret only that it is set, a URL without its password. */
export function printed<T extends SettingTable>(table: T, values: ValuesOf<T>): Printed {
  const entries = Object.entries(table).flatMap(([key, one]) => {
    const value = one.printable ? printedValue(one, values[key]) : undefined;
    return value === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(entries);
}

function printedValue({ secret, unset }: Setting, value: unknown): string | number | boolean | undefined {
  if (value === undefined) return unset;
  if (secret === 'whole') return 'set';
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return secret === 'inside' ? withoutPassword(String(value)) : String(value);
}

function withoutPassword(text: string): string {
  // Up to the last @: a password may itself hold one, and a list of brokers one for each.
  return text.replace(/\/\/.*@/, '//***@').replace(/([?&](?:password|user|username)=)[^&]*/gi, '$1***');
}
