import { UnavailableError } from "../error/index.ts";

/** The agent was asked and did not answer: what it was asked to do may be done all the same. */
export class UnansweredError extends UnavailableError {}
