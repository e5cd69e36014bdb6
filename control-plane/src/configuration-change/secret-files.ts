/** Files that are secrets as a whole: keys, password databases, tickets. By their path. */
const secretPaths = [
  /\/(g?shadow|master\.passwd|opasswd|sudoers)-?$/,
  /\/(ssl\/private|private|secrets?|credstore(\.encrypted)?|credentials)\//i,
  /\/ssh_host_[^/]+_key$/,
  /\/id_(rsa|dsa|ecdsa|ed25519)[^/]*(?<!\.pub)$/,
  /\.(keys?|p12|pfx|jks|keytab|kdbx?|gpg|asc|ppk|secrets?)$/i,
  /\/[^/]*(htpasswd|sasl_passwd|secrets?\.(ya?ml|json|toml|ini|conf|env))[^/]*$/i,
  /\/\.?(krb5\.keytab|pgpass|netrc|my\.cnf|machine-id|sasldb2|chap-secrets|pap-secrets|git-credentials|credentials|erlang\.cookie)$/,
];

/** Whether a file's lines are not to be shown at all. Pure. */
export function isSecretFile(path: string): boolean {
  return secretPaths.some((pattern) => pattern.test(path));
}
