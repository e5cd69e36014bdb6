import { UnavailableError } from "../error/index.ts";

/** Too much waits to be stored: the sender shall wait and send the batch again. Nothing of it was stored. */
export class LogStoreBusyError extends UnavailableError {
  constructor(message = "more logs come than can be stored; send them again in a moment") {
    super(message, 1);
  }
}

/** The store cannot write or be reached now (a full disk, a server that is away). Nothing of the batch counts as stored; sending it again can help. */
export class LogStoreFaultError extends UnavailableError {
  constructor(message: string, cause?: unknown) {
    super(message, 5, cause);
  }
}
