/*
 * Which header of the C or C++ standard, or of POSIX, declares a name. Of C++ only names that the
 * standard puts into one header for every version, and that are meant with std:: before them.
 */
#include "templates/lib_include.h"

#include "templates/lib_scene.h"

static const struct {
	const char *header, *names;
} standard_c[] = {
	{ "<assert.h>", "assert static_assert" },
	{ "<ctype.h>", "isalnum isalpha isblank iscntrl isdigit isgraph islower isprint ispunct isspace "
		       "isupper isxdigit tolower toupper" },
	{ "<errno.h>", "errno EINTR EAGAIN EINVAL ENOENT ENOMEM EEXIST EACCES ERANGE EPERM EIO EBADF" },
	{ "<fcntl.h>", "open O_RDONLY O_WRONLY O_RDWR O_CREAT O_TRUNC O_APPEND O_CLOEXEC fcntl F_GETFL "
		       "F_SETFL O_NONBLOCK" },
	{ "<float.h>", "DBL_MAX DBL_MIN DBL_EPSILON FLT_MAX FLT_MIN FLT_EPSILON" },
	{ "<inttypes.h>", "PRIu64 PRId64 PRIx64 PRIu32 PRId32 PRIx32 strtoimax strtoumax" },
	{ "<limits.h>", "INT_MAX INT_MIN UINT_MAX LONG_MAX LONG_MIN ULONG_MAX CHAR_BIT PATH_MAX "
			"LLONG_MAX LLONG_MIN SHRT_MAX SHRT_MIN UCHAR_MAX" },
	{ "<math.h>", "sqrt pow sin cos tan asin acos atan atan2 exp log log2 log10 floor ceil fabs "
		      "fmod round lround isnan isinf INFINITY NAN M_PI hypot cbrt trunc" },
	{ "<pthread.h>", "pthread_t pthread_mutex_t pthread_create pthread_join pthread_mutex_lock "
			 "pthread_mutex_unlock pthread_cond_t PTHREAD_MUTEX_INITIALIZER" },
	{ "<signal.h>", "signal sigaction SIGINT SIGTERM SIGPIPE SIG_IGN SIG_DFL sigset_t kill" },
	{ "<stdarg.h>", "va_list va_start va_end va_arg va_copy" },
	{ "<stdbool.h>", "bool true false" },
	{ "<stddef.h>", "size_t ptrdiff_t NULL offsetof max_align_t wchar_t" },
	{ "<stdint.h>", "int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t intptr_t "
			"uintptr_t intmax_t uintmax_t INT32_MAX INT32_MIN INT64_MAX INT64_MIN "
			"UINT8_MAX UINT16_MAX UINT32_MAX UINT64_MAX SIZE_MAX" },
	{ "<stdio.h>", "printf fprintf snprintf sprintf vfprintf vsnprintf puts fputs fputc putchar "
		       "getchar fgets fgetc fopen fclose fread fwrite fseek ftell rewind fflush perror "
		       "remove rename scanf sscanf fscanf FILE EOF stdin stdout stderr getline SEEK_SET "
		       "SEEK_END BUFSIZ" },
	{ "<stdlib.h>", "malloc calloc realloc free exit abort atoi atol atof strtol strtoul strtoll "
			"strtoull strtod qsort bsearch getenv rand srand abs labs system EXIT_SUCCESS "
			"EXIT_FAILURE RAND_MAX atexit" },
	{ "<string.h>", "strlen strcmp strncmp strcpy strncpy strcat strncat strchr strrchr strstr "
			"strdup strndup strtok strerror strspn strcspn memcpy memmove memset memcmp memchr" },
	{ "<strings.h>", "strcasecmp strncasecmp" },
	{ "<sys/stat.h>", "stat fstat lstat mkdir chmod S_ISDIR S_ISREG" },
	{ "<sys/types.h>", "ssize_t pid_t off_t mode_t uid_t gid_t" },
	{ "<sys/wait.h>", "wait waitpid WIFEXITED WEXITSTATUS WIFSIGNALED WTERMSIG" },
	{ "<time.h>", "time time_t clock clock_t CLOCKS_PER_SEC difftime mktime strftime localtime gmtime "
		      "nanosleep clock_gettime CLOCK_MONOTONIC CLOCK_REALTIME" },
	{ "<unistd.h>", "read write close fork execv execvp pipe dup2 getpid sleep usleep unlink rmdir "
			"access isatty getopt optarg optind chdir getcwd STDIN_FILENO STDOUT_FILENO "
			"STDERR_FILENO" },
};

static const struct {
	const char *header, *names;
} standard_cpp[] = {
	{ "<algorithm>", "sort stable_sort partial_sort nth_element min max minmax find find_if find_if_not "
			 "count count_if all_of any_of none_of transform copy copy_if copy_n reverse unique "
			 "lower_bound upper_bound equal_range binary_search max_element min_element "
			 "minmax_element fill fill_n generate remove_if for_each replace replace_if rotate "
			 "shuffle equal mismatch search merge set_union set_intersection set_difference "
			 "includes is_sorted partition stable_partition adjacent_find next_permutation "
			 "prev_permutation make_heap push_heap pop_heap clamp" },
	{ "<array>", "array" },
	{ "<atomic>", "atomic atomic_flag" },
	{ "<cctype>", "isdigit isspace isxdigit isupper islower isprint" },
	{ "<cmath>", "sqrt pow sin cos tan atan atan2 exp log log2 log10 floor ceil fabs fmod round lround "
		     "isnan isinf hypot cbrt trunc" },
	{ "<condition_variable>", "condition_variable" },
	{ "<cstdint>", "int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t intptr_t "
		       "uintptr_t" },
	{ "<cstring>", "strlen strcmp strncmp strchr strrchr strstr memcpy memmove memset memcmp" },
	{ "<deque>", "deque" },
	{ "<fstream>", "ifstream ofstream fstream" },
	{ "<functional>", "function bind greater less plus multiplies reference_wrapper cref" },
	{ "<future>", "async future promise packaged_task" },
	{ "<iomanip>", "setw setprecision setfill put_time quoted" },
	{ "<iostream>", "cout cin cerr clog" },
	{ "<iterator>", "back_inserter inserter ostream_iterator istream_iterator istreambuf_iterator" },
	{ "<limits>", "numeric_limits" },
	{ "<list>", "list" },
	{ "<map>", "map multimap" },
	{ "<memory>", "unique_ptr shared_ptr weak_ptr make_unique make_shared enable_shared_from_this" },
	{ "<mutex>", "mutex recursive_mutex lock_guard unique_lock scoped_lock call_once once_flag" },
	{ "<numeric>", "accumulate iota inner_product partial_sum adjacent_difference gcd lcm reduce" },
	{ "<optional>", "optional nullopt make_optional" },
	{ "<queue>", "queue priority_queue" },
	{ "<random>", "mt19937 mt19937_64 random_device uniform_int_distribution "
		      "uniform_real_distribution normal_distribution" },
	{ "<regex>", "regex regex_match regex_search regex_replace smatch cmatch" },
	{ "<set>", "set multiset" },
	{ "<sstream>", "stringstream ostringstream istringstream" },
	{ "<stack>", "stack" },
	{ "<stdexcept>", "runtime_error logic_error invalid_argument out_of_range domain_error "
			 "length_error range_error overflow_error underflow_error" },
	{ "<string>", "string wstring to_string stoi stol stoll stoul stoull stod stof" },
	{ "<string_view>", "string_view" },
	{ "<thread>", "thread this_thread" },
	{ "<tuple>", "tuple make_tuple tie apply" },
	{ "<unordered_map>", "unordered_map unordered_multimap" },
	{ "<unordered_set>", "unordered_set unordered_multiset" },
	{ "<utility>", "pair make_pair exchange forward" },
	{ "<variant>", "variant visit get_if holds_alternative monostate" },
	{ "<vector>", "vector" },
};

struct str include_of_standard(struct str name, bool cpp)
{
	size_t count = cpp ? sizeof(standard_cpp) / sizeof(standard_cpp[0]) :
			     sizeof(standard_c) / sizeof(standard_c[0]);

	for (size_t i = 0; i < count; i++)
		if (word_among(name, cpp ? standard_cpp[i].names : standard_c[i].names))
			return str_of(cpp ? standard_cpp[i].header : standard_c[i].header);
	return STR_NONE;
}
