/*
 * The table of well-known Python modules and their distributions. Where module and distribution
 * have the same name the row is still needed: it says that the name is known.
 */
#include "templates/lib_packages.h"

static const struct {
	const char *module, *distribution;
} packages[] = {
	{ "aiofiles", "aiofiles" }, { "aiohttp", "aiohttp" }, { "alembic", "alembic" },
	{ "anyio", "anyio" }, { "arrow", "arrow" }, { "asgiref", "asgiref" },
	{ "asyncpg", "asyncpg" }, { "attr", "attrs" }, { "attrs", "attrs" },
	{ "babel", "Babel" }, { "bcrypt", "bcrypt" }, { "boto3", "boto3" },
	{ "botocore", "botocore" }, { "bs4", "beautifulsoup4" }, { "cachetools", "cachetools" },
	{ "celery", "celery" }, { "certifi", "certifi" }, { "cffi", "cffi" },
	{ "chardet", "chardet" }, { "charset_normalizer", "charset-normalizer" },
	{ "click", "click" }, { "colorama", "colorama" }, { "Crypto", "pycryptodome" },
	{ "cryptography", "cryptography" }, { "cv2", "opencv-python" },
	{ "dateutil", "python-dateutil" }, { "decouple", "python-decouple" },
	{ "django", "Django" }, { "docx", "python-docx" }, { "dotenv", "python-dotenv" },
	{ "fastapi", "fastapi" }, { "flask", "Flask" }, { "freezegun", "freezegun" },
	{ "git", "GitPython" }, { "google.protobuf", "protobuf" }, { "gunicorn", "gunicorn" },
	{ "h5py", "h5py" }, { "httpx", "httpx" }, { "hypothesis", "hypothesis" },
	{ "idna", "idna" }, { "jinja2", "Jinja2" }, { "joblib", "joblib" },
	{ "jose", "python-jose" }, { "jsonschema", "jsonschema" }, { "jwt", "PyJWT" },
	{ "lxml", "lxml" }, { "magic", "python-magic" }, { "markdown", "Markdown" },
	{ "markupsafe", "MarkupSafe" }, { "matplotlib", "matplotlib" }, { "mock", "mock" },
	{ "msgpack", "msgpack" }, { "MySQLdb", "mysqlclient" }, { "networkx", "networkx" },
	{ "nltk", "nltk" }, { "numpy", "numpy" }, { "openpyxl", "openpyxl" },
	{ "packaging", "packaging" }, { "pandas", "pandas" }, { "paramiko", "paramiko" },
	{ "peewee", "peewee" }, { "PIL", "Pillow" }, { "plotly", "plotly" },
	{ "psutil", "psutil" }, { "psycopg2", "psycopg2-binary" }, { "pydantic", "pydantic" },
	{ "pygments", "Pygments" }, { "pymongo", "pymongo" }, { "pymysql", "PyMySQL" },
	{ "pytest", "pytest" }, { "pytz", "pytz" }, { "redis", "redis" }, { "regex", "regex" },
	{ "requests", "requests" }, { "requests_mock", "requests-mock" },
	{ "responses", "responses" }, { "rich", "rich" }, { "ruamel.yaml", "ruamel.yaml" },
	{ "scipy", "scipy" }, { "serial", "pyserial" }, { "setuptools", "setuptools" },
	{ "simplejson", "simplejson" }, { "six", "six" }, { "skimage", "scikit-image" },
	{ "sklearn", "scikit-learn" }, { "slugify", "python-slugify" },
	{ "sqlalchemy", "SQLAlchemy" }, { "starlette", "starlette" }, { "sympy", "sympy" },
	{ "tabulate", "tabulate" }, { "tenacity", "tenacity" }, { "toml", "toml" },
	{ "tomli", "tomli" }, { "tornado", "tornado" }, { "tqdm", "tqdm" },
	{ "typer", "typer" }, { "typing_extensions", "typing_extensions" },
	{ "ujson", "ujson" }, { "urllib3", "urllib3" }, { "usb", "pyusb" },
	{ "uvicorn", "uvicorn" }, { "websocket", "websocket-client" },
	{ "websockets", "websockets" }, { "werkzeug", "Werkzeug" }, { "wx", "wxPython" },
	{ "xlrd", "xlrd" }, { "xmltodict", "xmltodict" }, { "yaml", "PyYAML" },
	{ "zmq", "pyzmq" },
};

char packages_fold(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	return c == '_' || c == '.' ? '-' : c;
}

const char *packages_of_module(struct str module)
{
	for (size_t i = 0; i < sizeof(packages) / sizeof(packages[0]); i++)
		if (str_is(module, packages[i].module))
			return packages[i].distribution;
	return NULL;
}

bool packages_well_known(struct str name)
{
	for (size_t i = 0; i < sizeof(packages) / sizeof(packages[0]); i++) {
		struct str known = str_of(packages[i].distribution);
		size_t n = 0;

		if (known.size != name.size)
			continue;
		while (n < name.size && packages_fold(known.at[n]) == packages_fold(name.at[n]))
			n++;
		if (n == name.size)
			return true;
	}
	return false;
}
