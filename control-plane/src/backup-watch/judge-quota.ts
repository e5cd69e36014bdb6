import { sizeInWords } from "../backup-run/size-in-words.ts";
import { resultOf, type ServiceResult } from "./service-result.ts";

export interface QuotaFacts {
  readonly usedBytes: number;
  /** 0: unlimited. */
  readonly quotaBytes: number;
}

export const quotaWarning = 0.8;
export const quotaCritical = 0.95;

/** Holds what a repository takes against what it may: WARNING at 80 %, CRITICAL at 95 %. Pure. */
export function judgeQuota({ usedBytes, quotaBytes }: QuotaFacts): ServiceResult {
  const title = "BACKUP QUOTA";
  if (quotaBytes === 0)
    return resultOf(title, 0, `${sizeInWords(usedBytes)} used, no quota`, [`used=${usedBytes}B;;;0`]);
  const share = usedBytes / quotaBytes;
  const code = share >= quotaCritical ? 2 : share >= quotaWarning ? 1 : 0;
  const limits = `${Math.floor(quotaBytes * quotaWarning)};${Math.floor(quotaBytes * quotaCritical)};0;${quotaBytes}`;
  const words = `${sizeInWords(usedBytes)} of ${sizeInWords(quotaBytes)} used (${Math.round(share * 100)} %)`;
  return resultOf(title, code, words, [`used=${usedBytes}B;${limits}`, `share=${(share * 100).toFixed(1)}%;80;95;0`]);
}
