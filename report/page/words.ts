/** Numbers and names as the page has them. */

/** One language, so that the same plan is the same page on every machine. */
const LANGUAGE = "en";
const whole = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 1 });
const cents = new Intl.NumberFormat(LANGUAGE, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const numeric = new Intl.Collator(LANGUAGE, { numeric: true });

export const count = (amount: number): string => whole.format(amount);

/** `1 host`, `2 hosts`. */
export const counted = (amount: number, noun: string): string =>
  `${count(amount)} ${noun}${amount === 1 ? "" : "s"}`;

export const rounded = (amount: number): string => short.format(amount);

/** Not the formatter's own currencies: it throws on a code that it does not take for one. */
export const money = (amount: number, currency: string): string => `${cents.format(amount)} ${currency}`;

export const more = (amount: number, currency: string): string =>
  `${amount < 0 ? "−" : "+"}${money(Math.abs(amount), currency)}`;

export const gib = (mebibytes: number): string => short.format(mebibytes / 1024);

/** Rounded away from the whole: a host that is not quite full is never said to be, nor one that is more than full. */
export const percent = (share: number): string =>
  `${whole.format(share > 1 ? Math.ceil(share * 100) : Math.floor(share * 100))} %`;

/** `fsn1-2` before `fsn1-10`. */
export const naturally = (a: string, b: string): number => numeric.compare(a, b) || (a < b ? -1 : 1);
