import { type FormEvent, useState } from "react";

export interface Submit {
  readonly isBusy: boolean;
  readonly fault: string | null;
  onSubmit(event: FormEvent<HTMLFormElement>): Promise<void>;
}

/** Runs `work` with a form's fields as text; a failure becomes the form's fault. */
export function useSubmit(work: (field: (name: string) => string, form: HTMLFormElement) => Promise<void>): Submit {
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);

  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    setBusy(true);
    setFault(null);
    try {
      await work((name) => String(fields.get(name) ?? ""), form);
    } catch (error) {
      setFault(error instanceof Error ? error.message : "that did not work");
    } finally {
      setBusy(false);
    }
  }
  return { isBusy, fault, onSubmit };
}
