interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** Gathers small pieces of work into jobs, since each message to a thread costs as much as a few system calls. */
export class ItemBatch<Item, Result> {
  readonly #run: (items: readonly Item[]) => Promise<readonly Result[]>;
  readonly #limit: number;
  #waiting: Waiting<Item, Result>[] = [];
  #weight = 0;

  /** `limit` is the weight at which a job is sent off. */
  constructor(limit: number, run: (items: readonly Item[]) => Promise<readonly Result[]>) {
    this.#limit = limit;
    this.#run = run;
  }

  add(item: Item, weight = 1): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#weight += weight;
      if (this.#weight >= this.#limit) this.flush();
    });
  }

  /** Sends off what there is. */
  flush(): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    this.#weight = 0;
    this.#run(waiting.map(({ item }) => item)).then(
      (results) => {
        for (const [at, { resolve, reject }] of waiting.entries()) {
          const result = results[at];
          if (result === undefined) reject(new Error("a job answered fewer items than it was given"));
          else resolve(result);
        }
      },
      (error: unknown) => {
        for (const { reject } of waiting) reject(error);
      },
    );
  }
}
