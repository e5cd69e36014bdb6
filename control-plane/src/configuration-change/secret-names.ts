/** What the names of secrets have in them, whatever stands between their words. */
const secretPart = new RegExp(
  [
    "pass(?:word|wd|phrase|code)?|pwd|secret|credential|token|psk|community|com2sec|cookie|salt|totp|dsn|createuser|keydata",
    "auth(?:token|code|string|pass)",
    "(?:api|private|preshared|access|encryption|master|signing|session|license|client|shared|account|storage|deploy|ssh|hmac|auth|consumer|webhook)key",
  ].join("|"),
);
/** Too short to be looked for within other words. */
const secretWhole = /^(?:pw|pat|jwt|otp|masterauth|.*(?:bind|root|user|admin|db)pw)$/;
/** Of these `auth: x` is a secret, and `auth required pam_unix.so` is none. */
const needsSign = /^(?:auth|key|pin|pat|sig|signature|authorization|proxyauthorization)$/;
const harmless = new RegExp(
  [
    "^(?:proxy|fastcgi|uwsgi|scgi|grpc|memcached)pass$|^servertokens?$|^ssh.*authentication$|^passwordauthentication$",
    "bypass|compass|passive|passenger|passthr|passport|tokeniz|nopasswd",
    "(?:length|minlen|age|policy|timeout|attempts|ttl|expiry|lifetime|samesite|httponly|secure|algorithm|enabled|required|type|method|count|limit|prompt)$",
  ].join("|"),
);
/** Their values say where a secret is, if they are a path. */
const ofPlace = /(?:file|path|dir|directory|location)$/;

/** How what follows a name is to be treated: as it is, masked, masked where `=` or `:` stands between, or masked unless it is a path. */
export type NameVerdict = "harmless" | "secret" | "secret-after-sign" | "secret-unless-path";

/** Judges a name by the words in it: `db_password`, `apiKey`, `--auth-token`. Pure. */
export function judgeName(name: string): NameVerdict {
  const squeezed = name.toLowerCase().replace(/[^a-z0-9]/g, "");
  if (needsSign.test(squeezed)) return "secret-after-sign";
  if (!secretWhole.test(squeezed) && !secretPart.test(squeezed)) return "harmless";
  if (harmless.test(squeezed)) return "harmless";
  return ofPlace.test(squeezed) ? "secret-unless-path" : "secret";
}
