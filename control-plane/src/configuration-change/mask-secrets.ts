/** What stands in place of a secret. */
export const mask = "********";

/** Files that are secrets as a whole: keys, password databases, tickets. By their path. */
const secretPaths = [
  /\/(g?shadow|master\.passwd|sudoers)-?$/,
  /\/(ssl\/private|private|secrets?|credstore(\.encrypted)?|credentials)\//i,
  /\/ssh_host_[^/]+_key$/,
  /\/id_(rsa|dsa|ecdsa|ed25519)[^/]*(?<!\.pub)$/,
  /\.(key|p12|pfx|jks|keytab|kdbx?|gpg|asc|ppk)$/i,
  /(^|\/)(krb5\.keytab|\.htpasswd|htpasswd|\.pgpass|\.netrc|\.my\.cnf|machine-id|sasldb2|chap-secrets|pap-secrets)$/,
];

/** Whether a file's lines are not to be shown at all. Pure. */
export function isSecretFile(path: string): boolean {
  return secretPaths.some((pattern) => pattern.test(path));
}

const secretName =
  "(?:pass(?:word|wd|phrase|code)?|pwd|secret|token|api[_-]?key|private[_-]?key|access[_-]?key|auth|credentials?|community|psk|salt|cookie)";
/** `NAME = value`, `name: value`, `"name": "value"`; whatever stands around the name belongs to it. */
const assignment = new RegExp(`((?:[\\w.-]*${secretName}[\\w.-]*)["']?\\s*(?:[:=]+>?|[,>]|\\s)\\s*)(?=\\S)(.+)$`, "i");
const inUrl = /([a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:)([^\s/@]+)(@)/gi;
const header = /((?:authorization|proxy-authorization|cookie|x-api-key)["']?\s*[:=]\s*)(.+)$/i;
const crypted = /\$(?:\d\w?|y|argon2\w*|apr1|scrypt|2[aby])\$[^\s:'"]+/g;
/** Long and of letters and digits both: more likely a key than a word. */
const longToken = /(?<![\w/+.-])(?=[\w/+=-]*\d)(?=[\w/+=-]*[A-Za-z])[\w+/=-]{40,}(?![\w/+-])/g;
const keyBegin = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----/;
const keyEnd = /-----END [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----/;

/**
 * Masks what looks like a secret in lines of a unified diff (the first character of each is the diff's own). Names decide (`password`, `token`, ...), and forms
 * (addresses with a password, crypt's hashes, private keys, long tokens): a secret that looks like neither is not found. Pure.
 */
export function maskSecrets(lines: readonly string[]): { readonly lines: string[]; readonly isMasked: boolean } {
  let isInKey = false;
  let isMasked = false;
  const masked = lines.map((line) => {
    const sign = line.slice(0, 1);
    const text = line.slice(1);
    if (keyBegin.test(text)) isInKey = true;
    const shown = isInKey && !keyBegin.test(text) && !keyEnd.test(text) ? mask : maskLine(text);
    if (keyEnd.test(text)) isInKey = false;
    if (shown !== text) isMasked = true;
    return sign + shown;
  });
  return { lines: masked, isMasked };
}

function maskLine(text: string): string {
  // Such lines are long in no configuration, and patterns must not be given time for nothing.
  if (text.length > 2000) return mask;
  const inPlace = text.replace(inUrl, `$1${mask}$3`).replace(crypted, mask).replace(longToken, mask);
  return inPlace.replace(header, `$1${mask}`).replace(assignment, `$1${mask}`);
}
