/** Thrown by a plugin that was stopped while it waited; `waitingFor` ends up in the timeout's output line. */
export class StoppedWaiting extends Error {
  override readonly name = "StoppedWaiting";
  readonly waitingFor: string;

  constructor(waitingFor: string) {
    super(`stopped while waiting for ${waitingFor}`);
    this.waitingFor = waitingFor;
  }
}
