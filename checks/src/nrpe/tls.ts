import type { SecureContextOptions } from "node:tls";

/** Ways to have TLS without certificates: both sides need OpenSSL's security level 0, and TLS 1.2 at most, which is the last one that has it. */

/** For a daemon without a certificate: anonymous Diffie-Hellman only, as nrpe daemons of all versions offer it. */
export const anonymousServer: SecureContextOptions & { readonly dhparam: "auto" } = {
  ciphers: "ADH:@SECLEVEL=0",
  dhparam: "auto",
  minVersion: "TLSv1.2",
  maxVersion: "TLSv1.2",
};

/** For a daemon that has a certificate and offers anonymous Diffie-Hellman beside it. */
export const anonymousBesideCertificate: SecureContextOptions & { readonly dhparam: "auto" } = {
  ciphers: "ALL:!MD5:@STRENGTH:@SECLEVEL=0",
  dhparam: "auto",
  maxVersion: "TLSv1.2",
};

/** For a client of a daemon that may have no certificate, as check_nrpe is by default. */
export const anonymousClient: SecureContextOptions = {
  ciphers: "ALL:!MD5:@STRENGTH:@SECLEVEL=0",
  maxVersion: "TLSv1.2",
};
