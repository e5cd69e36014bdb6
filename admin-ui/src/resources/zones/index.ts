// Zones of the name service: their records, edited and applied in one go, their history, and what name servers answer.
import { lazy } from "react";

export const zones = {
  list: lazy(async () => ({ default: (await import("./ZoneList.tsx")).ZoneList })),
  show: lazy(async () => ({ default: (await import("./ZoneShow.tsx")).ZoneShow })),
  create: lazy(async () => ({ default: (await import("./zone-forms.tsx")).ZoneCreate })),
  edit: lazy(async () => ({ default: (await import("./zone-forms.tsx")).ZoneEdit })),
  recordRepresentation: (record: { readonly name: string }) => record.name,
};
