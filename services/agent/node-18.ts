/**
 * What Node 18 lacks of the language that identification uses: String.prototype.isWellFormed and toWellFormed (ECMAScript 2024).
 * PBX distributions ship Node 18. Imported first by the agent's entry, and by nothing else.
 */
const LONE = /\p{Surrogate}/gu;

function add(name: 'isWellFormed' | 'toWellFormed', value: (this: string) => unknown): void {
  if (!(name in String.prototype))
    Object.defineProperty(String.prototype, name, { value, writable: true, configurable: true });
}

add('isWellFormed', function isWellFormed(this: string) {
  return this.search(LONE) < 0;
});
add('toWellFormed', function toWellFormed(this: string) {
  return this.replace(LONE, '\ufffd');
});
