// An amount of whole cents as the pages write it (frontend/formats.py). sign: what stands before it, as the page says it.

export function money(sign, cents) {
  const digits = cents % 100 ? 2 : 0;
  const amount = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: "always" });
  return `${cents < 0 ? "−" : ""}${sign}${amount.format(Math.abs(cents) / 100)}`;
}
