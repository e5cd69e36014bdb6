// Enrolment tokens: one-time tokens with which agents get in. Of a token only its hash is kept; it is used up in the same transaction
// that makes the agent, so of two enrolments that race one wins.

export { type ClaimedToken, claimEnrolmentToken } from "./claim-enrolment-token.ts";
export { createEnrolmentTokenRoutes } from "./routes.ts";
