/** One-time links: 256 random bits in the fragment of an address in a mail, of which a hash is stored; used once, before they expire. */
export { createRequestThrottle, type RequestThrottle } from "./request-throttle.ts";
export {
  claimLink,
  deleteOldLinks,
  findLink,
  insertLink,
  type LinkGrant,
  linkPath,
  revokeLinks,
  type StoredLink,
} from "./store.ts";
