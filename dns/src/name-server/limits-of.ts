import type { NameServerConfiguration } from "@mycloud/protocol/name-server";
import type { CookieSecrets } from "../cookie/index.ts";
import { defaultRateLimits, type RateLimitSettings } from "../rate-limit/index.ts";

/** The rates of the configuration; without any, nothing is limited. */
export function rateLimitsOf({ rateLimit }: Pick<NameServerConfiguration, "rateLimit">): RateLimitSettings {
  if (rateLimit === null) return defaultRateLimits;
  const { responsesPerSecond, nameErrorsPerSecond, errorsPerSecond, slip } = rateLimit;
  return { ...defaultRateLimits, responsesPerSecond, nxdomainsPerSecond: nameErrorsPerSecond, errorsPerSecond, slip };
}

/** The secrets that cookies are made of, newest first. */
export function cookieSecretsOf({ cookieSecrets }: Pick<NameServerConfiguration, "cookieSecrets">): CookieSecrets {
  const [first, ...rest] = cookieSecrets.map((secret) => Buffer.from(secret, "hex"));
  if (first === undefined) throw new Error("the configuration has no cookie secret");
  return [first, ...rest];
}
