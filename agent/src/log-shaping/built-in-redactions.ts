/** What stands where something was taken out. */
export const REDACTED = "********";

/** Takes out of a text what must not leave the host. Pure. */
export type Redact = (text: string) => string;

const secretName =
  "pass(?:word|wd|phrase|code)?|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?|auth[_-]?key|session[_-]?id|cookie|authorization";

/** One look tells most lines to have nothing of the kind, at a third of the cost of looking for each. */
const hint =
  /pass|pwd|secret|token|[_-]?key|credential|session|cookie|auth|bearer |basic |negotiate |:\/\/[^\s/@]*:|eyJ|AKIA|ASIA|gh[pousr]_|github_pat|xox|glpat-|sk_live|sk-|PRIVATE/iu;

/** `password=...`, `"apiKey": "..."`, `token: ...`: the name stays. */
const named = new RegExp(
  `((?:${secretName})[\\w.-]{0,40}\\\\?["']?\\s{0,4}(?:=>|[=:])\\s{0,4})(?:(\\\\?["'])(?:(?!\\2)[^\\\\]|\\\\(?!["'])|\\\\["'](?!\\2))*?\\2|(?:(?:Basic|Bearer|Digest|Token|Negotiate)\\s+)?[^\\s,;&"'\\\\)}\\]]+)`,
  "giu",
);
const forms: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/gu, REDACTED],
  [/\b(Basic|Bearer|Negotiate) [A-Za-z0-9._~+/-]{8,}=*/gu, `$1 ${REDACTED}`],
  [/(:\/\/[^\s:/@]{0,128}:)[^\s/@]{1,256}@/gu, `$1${REDACTED}@`],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*/gu, REDACTED],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/gu, REDACTED],
  [/\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{20,})/gu, REDACTED],
  [/\bxox[abeoprs]-[A-Za-z0-9-]{10,}/gu, REDACTED],
  [/\bsk_live_[A-Za-z0-9]{16,}|\bsk-[A-Za-z0-9_-]{20,}/gu, REDACTED],
];

/** Passwords, tokens and keys: by the name before them, or by their own form. */
export function redactSecrets(text: string): string {
  return hint.test(text) ? redactWithoutHint(text) : text;
}

/** As `redactSecrets`, looking for each. */
export function redactWithoutHint(text: string): string {
  let redacted = text.replace(
    named,
    (_, name: string, quote: string | undefined) => `${name}${quote ?? ""}${REDACTED}${quote ?? ""}`,
  );
  for (const [pattern, replacement] of forms) redacted = redacted.replace(pattern, replacement);
  return redacted;
}

/** Whether a field is a secret by its name: then all of its value is. */
export function isSecretName(name: string): boolean {
  return secretFieldName.test(name);
}
const secretFieldName = new RegExp(`(?:${secretName})$`, "iu");

/** 13 to 19 digits, in groups or not, of which the first is one that cards begin with. */
const cardNumber = /(?<![\d.])[2-6](?:[ -]?\d){12,18}(?![\d.]?\d)/gu;

/** Numbers of payment cards: those whose check digit is right (ISO/IEC 7812-1, Luhn). */
export function redactCardNumbers(text: string): string {
  return text.replace(cardNumber, (found) => (isLuhn(found) ? REDACTED : found));
}

function isLuhn(text: string): boolean {
  let sum = 0;
  let isDoubled = false;
  for (let at = text.length - 1; at >= 0; at--) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) continue;
    const value = isDoubled ? digit * 2 : digit;
    sum += value > 9 ? value - 9 : value;
    isDoubled = !isDoubled;
  }
  return sum % 10 === 0;
}

const address = /[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+/gu;

/** E-mail addresses. */
export function redactAddresses(text: string): string {
  return text.includes("@") ? text.replace(address, REDACTED) : text;
}
