import { createHash, randomBytes } from "node:crypto";

/** 256 random bits, as they go into cookies, tokens and headers. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** What is stored of a secret: with 256 random bits neither salt nor a slow hash adds anything. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
