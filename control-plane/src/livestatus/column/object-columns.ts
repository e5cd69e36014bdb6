import type { ViewedObject } from "../../status-view/index.ts";
import { causeColumns } from "./cause-columns.ts";
import { type Column, int } from "./column.ts";
import { notificationColumns } from "./notification-columns.ts";
import { commentColumns } from "./remark-columns.ts";
import { settingColumns } from "./setting-columns.ts";
import { stateColumns } from "./state-columns.ts";
import { textColumns } from "./text-columns.ts";
import { timeColumns } from "./time-columns.ts";

/** The columns that hosts and services have in common, in Nagios' meaning. */
export const objectColumns: readonly Column<ViewedObject>[] = [
  int("id", "Our own number of it", (object) => object.id),
  ...stateColumns(),
  ...timeColumns(),
  ...settingColumns(),
  ...notificationColumns(),
  ...textColumns(),
  ...causeColumns(),
  ...commentColumns,
];
