/** Something others may want to know about. */
export type StorageEvent =
  | {
      readonly type: "snapshot";
      /** Unique; a receiver that has seen it may pass over it. */
      readonly id: string;
      readonly repository: string;
      readonly snapshot: string;
      readonly sizeBytes: number;
      readonly receivedAtMs: number;
      readonly sequence: number;
    }
  | {
      readonly type: "damaged-object";
      readonly id: string;
      readonly repository: string;
      readonly objectType: string;
      readonly name: string;
      readonly reason: string;
      readonly foundAtMs: number;
    };
