import type { LoginAnswer, SecondStep, Session } from "@mycloud/protocol/session";

/** The password was right, and a code is asked for. */
export class SecondStepNeeded extends Error {
  readonly step: SecondStep;

  constructor(step: SecondStep) {
    super("a code of your authenticator is asked for");
    this.step = step;
  }
}

/** The session of an answer to a sign-in. Throws SecondStepNeeded when it is not there yet. */
export function sessionIn(answer: LoginAnswer): Session {
  if ("secondStep" in answer) throw new SecondStepNeeded(answer);
  return answer;
}
