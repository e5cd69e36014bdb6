/** Passwords: kept as argon2id hashes, compared in constant time. */
export { createPasswordHasher, type PasswordHasher } from "./hash-password.ts";
