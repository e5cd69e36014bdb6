/**
 * The second step of signing in: codes of an authenticator by time (RFC 6238: SHA-1, 6 digits, 30 s, as every authenticator has it), and recovery
 * codes that work once each. A secret is sealed in the database; no code is taken twice.
 */
export { countRecoveryCodes, replaceRecoveryCodes } from "./recovery-codes.ts";
export { confirmTotp, createSetup, removeTotp, takeCode, totpSettingsOf } from "./store.ts";
export { findTotpStep, makeTotpSecret } from "./totp.ts";
