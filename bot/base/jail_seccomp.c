/*
 * The system calls that a build or a test has no need for and that most kernel holes were reached
 * by. A list of what is denied, not of what is allowed: an unknown call of a new runtime must not
 * fail. Debuggers (ptrace) and nested containers do not work inside; that is meant.
 */
#include "bot/base/jail_parts.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *const denied[] = {
	"bpf", "perf_event_open", "userfaultfd", "ptrace", "process_vm_readv", "process_vm_writev",
	"kcmp", "process_madvise", "lookup_dcookie",
	"keyctl", "add_key", "request_key",
	"io_uring_setup", "io_uring_enter", "io_uring_register",
	"kexec_load", "kexec_file_load", "reboot",
	"init_module", "finit_module", "delete_module", "create_module",
	"mount", "umount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree", "fsopen",
	"fsconfig", "fsmount", "fspick", "mount_setattr",
	"unshare", "setns", "open_by_handle_at", "name_to_handle_at",
	"swapon", "swapoff", "quotactl", "quotactl_fd", "acct", "syslog", "nfsservctl",
	"settimeofday", "clock_settime", "clock_adjtime", "adjtimex", "stime",
	"sethostname", "setdomainname", "vhangup", "iopl", "ioperm", "modify_ldt",
	"fanotify_init", "fanotify_mark",
};

static const int denied_families[] = {
	AF_VSOCK, AF_PACKET, AF_ALG, AF_KEY, AF_CAN, AF_TIPC, AF_BLUETOOTH, AF_XDP, AF_RDS,
	AF_NFC, AF_IEEE802154, AF_PPPOX, AF_QIPCRTR,
};

static bool deny_calls(scmp_filter_ctx filter)
{
	for (size_t i = 0; i < sizeof(denied) / sizeof(denied[0]); i++) {
		int number = seccomp_syscall_resolve_name(denied[i]);

		/* Below zero: not on this machine, or not known to this libseccomp. */
		if (number >= 0 && seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), number, 0))
			return false;
	}
	return true;
}

/*
 * Netlink alone cannot be denied as a whole: getaddrinfo and `ip` of test suites ask the route
 * family.
 */
static bool deny_sockets(scmp_filter_ctx filter)
{
	for (size_t i = 0; i < sizeof(denied_families) / sizeof(denied_families[0]); i++)
		if (seccomp_rule_add(filter, SCMP_ACT_ERRNO(EAFNOSUPPORT), SCMP_SYS(socket), 1,
				     SCMP_A0_32(SCMP_CMP_EQ, (scmp_datum_t)denied_families[i])))
			return false;
	return !seccomp_rule_add(filter, SCMP_ACT_ERRNO(EAFNOSUPPORT), SCMP_SYS(socket), 2,
				 SCMP_A0_32(SCMP_CMP_EQ, AF_NETLINK),
				 SCMP_A2_32(SCMP_CMP_NE, 0 /* NETLINK_ROUTE */));
}

static bool deny_arguments(scmp_filter_ctx filter)
{
	const scmp_datum_t user = CLONE_NEWUSER;

	/*
	 * clone3 hides its flags in memory; ENOSYS makes the C library fall back to clone. TIOCSTI
	 * and TIOCLINUX put keys into a terminal; the kernel looks at 32 bits of the request only.
	 */
	return !seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) &&
	       !seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
				 SCMP_A0_64(SCMP_CMP_MASKED_EQ, user, user)) &&
	       !seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(ioctl), 1,
				 SCMP_A1_32(SCMP_CMP_EQ, TIOCSTI)) &&
	       !seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(ioctl), 1,
				 SCMP_A1_32(SCMP_CMP_EQ, TIOCLINUX));
}

int jail_seccomp(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int fd = memfd_create("filter", MFD_CLOEXEC);
	bool good = filter && fd >= 0 && deny_calls(filter) && deny_sockets(filter) &&
		    deny_arguments(filter) && !seccomp_export_bpf(filter, fd) &&
		    lseek(fd, 0, SEEK_SET) == 0;

	if (filter)
		seccomp_release(filter);
	if (good)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}
