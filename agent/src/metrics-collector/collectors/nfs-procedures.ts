// NFS's procedures in the kernel's order (RFC 1094, RFC 1813, include/linux/nfs4.h), written as node_exporter writes them: dashboards ask by these words.

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

/** Where a name stands is where its count stands in a line of /proc/net/rpc/nfs or nfsd. */
export const nfsProcedures = {
  version2: words(`
    Null GetAttr SetAttr Root Lookup ReadLink Read WrCache Write Create Remove Rename Link SymLink MkDir RmDir
    ReadDir FsStat
  `),
  version3: words(`
    Null GetAttr SetAttr Lookup Access ReadLink Read Write Create MkDir SymLink MkNod Remove RmDir Rename Link
    ReadDir ReadDirPlus FsStat FsInfo PathConf Commit
  `),
  /** What a client of version 4 calls. */
  version4Client: words(`
    Null Read Write Commit Open OpenConfirm OpenNoattr OpenDowngrade Close Setattr FsInfo Renew SetClientID
    SetClientIDConfirm Lock Lockt Locku Access Getattr Lookup LookupRoot Remove Rename Link Symlink Create
    Pathconf StatFs ReadLink ReadDir ServerCaps DelegReturn GetACL SetACL FsLocations ReleaseLockowner Secinfo
    FsidPresent ExchangeID CreateSession DestroySession Sequence GetLeaseTime ReclaimComplete GetDeviceInfo
    LayoutGet LayoutCommit LayoutReturn SecinfoNoName TestStateID FreeStateID GetDeviceList BindConnToSession
    DestroyClientID Seek Allocate DeAllocate LayoutStats Clone
  `),
  /** The operations of version 4 as a server counts them, the first three of which are none. */
  version4Operations: words(`
    Op0Unused Op1Unused Op2Future Access Close Commit Create DelegPurge DelegReturn GetAttr GetFH Link Lock Lockt
    Locku Lookup LookupRoot Nverify Open OpenAttr OpenConfirm OpenDgrd PutFH PutPubFH PutRootFH Read ReadDir
    ReadLink Remove Rename Renew RestoreFH SaveFH SecInfo SetAttr SetClientID SetClientIDConfirm Verify Write
    RelLockOwner
  `),
} as const;
