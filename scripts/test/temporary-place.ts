// Loaded before each test file of real processes: the disk is the matter of the tests of the backup engine, whose temporary files lie there; those of
// all others are in memory.
const { MYCLOUD_TEST_DISK } = process.env;
if (MYCLOUD_TEST_DISK !== undefined && /\/backup-[^/]*\.test\.ts$/.test(process.argv[1] ?? "")) {
  process.env.TMPDIR = MYCLOUD_TEST_DISK;
}
