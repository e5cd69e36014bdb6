/** What one result does to the soft/hard side of a state, before flapping and times. */
export interface Transition {
  /** State type and attempt as the event reports them. */
  isHard: boolean;
  attempt: number;
  lastHardState: number;
  hadHostProblem: boolean;
  isHardStateChange: boolean;
}

/** The part of the remembered state a transition starts from. */
export interface TransitionStart {
  readonly state: number;
  readonly isHard: boolean;
  readonly attempt: number;
  readonly lastHardState: number;
  readonly hadHostProblem: boolean;
}
