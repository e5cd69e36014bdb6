import { z } from "zod";
import { logFacilities, logSeverities } from "../log-terms/index.ts";

export const LogSeverity = z.enum(logSeverities);
export type LogSeverity = z.infer<typeof LogSeverity>;

export const LogFacility = z.enum(logFacilities);
export type LogFacility = z.infer<typeof LogFacility>;
