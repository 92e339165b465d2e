/** A bound in so many significant digits, never less than it is: a privacy loss is not rounded down. */
export function roundedUp(bound: number, digits: number): string {
  const unit = 10 ** (Math.floor(Math.log10(bound)) + 1 - digits);
  // What floating point adds to a bound that has the digits already does not count.
  return (Math.ceil(bound / unit - 1e-9) * unit).toPrecision(digits);
}
