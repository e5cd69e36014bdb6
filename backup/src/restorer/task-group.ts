/** Work that runs beside the walk. The first failure is kept; nothing is left unobserved. */
export class TaskGroup {
  #running = 0;
  #failure: { readonly error: unknown } | null = null;
  #waiters: (() => void)[] = [];

  get running(): number {
    return this.#running;
  }

  run(task: Promise<void>): void {
    this.#running++;
    task.then(
      () => this.#settle(null),
      (error: unknown) => this.#settle({ error }),
    );
  }

  /**
   * Resolves when fewer than `limit` tasks run. `nudge` is called before each wait, to send off what waits to be a full batch. Throws the
   * first failure.
   */
  async whenBelow(limit: number, nudge: () => void = () => {}): Promise<void> {
    this.throwIfFailed();
    while (this.#running >= limit) await this.next(nudge);
  }

  /** Resolves when any task that runs has ended. Throws the first failure. */
  async next(nudge: () => void = () => {}): Promise<void> {
    this.throwIfFailed();
    nudge();
    if (this.#running > 0) await new Promise<void>((resolve) => this.#waiters.push(resolve));
    this.throwIfFailed();
  }

  throwIfFailed(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }

  #settle(failure: { readonly error: unknown } | null): void {
    this.#running--;
    this.#failure ??= failure;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
  }
}
