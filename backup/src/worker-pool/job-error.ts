import { BackupError } from "../error/index.ts";

/** What a job threw, as it travels between threads. */
export interface ThrownText {
  readonly message: string;
  readonly stack: string;
}

/** A job threw in its thread: a fault of the program, not of the data. The stack is the thread's. */
export class JobFailedError extends BackupError {
  readonly code = "MYCLOUD_BACKUP_JOB_FAILED";
  constructor(thrown: ThrownText) {
    super(thrown.message);
    this.stack = thrown.stack;
  }
}

/** A thread ended by itself (out of memory, `process.exit`); its jobs are lost. */
export class WorkerDiedError extends BackupError {
  readonly code = "MYCLOUD_BACKUP_WORKER_DIED";
}
