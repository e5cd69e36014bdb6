import { mask } from "./mask.ts";

/** What is masked wherever it stands, and what of it stays. */
const forms: readonly (readonly [form: RegExp, shown: string])[] = [
  // user:password@, also where the password has a slash or an @ in it; and tokens in place of a user.
  [/([a-z][a-z0-9+.-]*:\/\/[^\s/:@'"<>]*:)([^\s'"<>]+)(@)/gi, `$1${mask}$3`],
  [/([a-z][a-z0-9+.-]*:\/\/)([^\s/:@'"<>]{16,})(@)/gi, `$1${mask}$3`],
  // Go's names of databases: user:password@tcp(host)/name.
  [/(?<![\w.-])([\w.-]{1,64}:)([^\s:'"]+)(@(?:tcp|unix|udp)?\()/gi, `$1${mask}$3`],
  [
    /([?&](?:[\w-]*(?:token|key|sig|signature|secret|password|passwd|pwd|auth|code|credential|session)[\w-]*)=)([^&\s'"<>]+)/gi,
    `$1${mask}`,
  ],
  [/\b(Bearer|Negotiate|ApiKey)(\s+)[\w.~+/=-]{6,}/gi, `$1$2${mask}`],
  [/\b(Basic|Digest|Token)(\s+)(?=[\w.~+/-]*[\dA-Z=])[\w.~+/-]{8,}=*/g, `$1$2${mask}`],
  // crypt(3), Argon2, and how LDAP and Dovecot write theirs; htpasswd's oldest kind is 13 letters.
  [/\$(?:\d\w?|y|gy|7|argon2\w*|apr1|scrypt|2[abxy]|pbkdf2[\w-]*|sha1)\$[^\s:'"]+/g, mask],
  [
    /(\{(?:S?SHA\d*|S?MD5|SMD5|CRYPT|PLAIN|CLEAR(?:TEXT)?|CRAM-MD5|PBKDF2[\w-]*|ARGON2\w*|BLF-CRYPT)\})[^\s:'"]+/gi,
    `$1${mask}`,
  ],
  [/^(\s*[\w.@-]+:)[./0-9A-Za-z]{13}$/, `$1${mask}`],
  // Keys that say by their beginning whose they are.
  [/\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g, mask],
  [
    /\b(?:gh[pousr]_|github_pat_|glpat-|gldt-|xox[abeoprs]-|[spr]k_(?:live|test)_|sk-|AIza|npm_|pypi-|dop_v1_|hvs\.|hvb\.|SG\.|shpat_|AGE-SECRET-KEY-1|whsec_)[\w.-]{8,}/g,
    mask,
  ],
  [/\beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)*/g, mask],
  // Programs that take them as arguments.
  [/(\b(?:mysql|mysqldump|mysqladmin|mariadb[\w-]*)\b.*?\s-p)(?!ort)(\S+)/g, `$1${mask}`],
  [/(\b(?:curl|wget|http|smbclient)\b.*?\s-[uU]\s*['"]?[^\s:'"%]+[:%])([^\s'"]+)/g, `$1${mask}`],
  [/(\bsshpass\s+-p\s*)(\S+)/g, `$1${mask}`],
  [/(\bredis-cli\b.*?\s-a\s+)(\S+)/g, `$1${mask}`],
  [/(-pass(?:in|out)?\s+pass:)(\S+)/g, `$1${mask}`],
];

/** Long, and of letters and digits both: more likely a key than a word. */
const longToken = /(?<![\w/+.-])(?=[\w/+=-]*\d)(?=[\w/+=-]*[A-Za-z])[\w+/=-]{40,}(?![\w/+-])/g;
/** Several short words with slashes between them are a path. */
const path = /^\/?(?:[\w+=-]{1,32}\/)+[\w+=-]{0,32}$/;

/** Masks what is a secret by its form, whatever it is called: addresses with passwords, hashes, tokens. Pure. */
export function maskForms(text: string): string {
  const shown = forms.reduce((line, [form, kept]) => line.replace(form, kept), text);
  return shown.replace(longToken, (token) => (isPath(token) ? token : mask));
}

/** Base64 has slashes too, and capitals and digits in all of its parts. */
function isPath(token: string): boolean {
  return path.test(token) && !/[A-Z]/.test(token.replace(/\b[A-Z]/g, "")) && !/[+=]/.test(token);
}
