const tenth = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** `12.5 %` of a share between 0 and 1, rounded as the console rounds it: 0.4455 is 44.6, although its nearest binary number is less. */
export function shareText(share: number): string {
  return `${tenth.format(share * 100)} %`;
}
