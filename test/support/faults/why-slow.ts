/** What was found out about faults that take longer to get over than they lasted, by the fault. */
const WHY: Readonly<Record<string, string>> = {};

export function whySlow(faults: string): string {
  const known = faults.split('+').flatMap((fault) => WHY[fault] ?? []);
  return known.length === 0 ? 'Why is not known.' : known.join(' ');
}
