/*
 * Telling a formatter's work from a change of meaning. The pairs that must be the same are real
 * output of the formatter named.
 */
#include "tests/unit.h"

#include "templates/syntax.h"

static const struct {
	const char *formatter, *language, *before, *after;
} formatted[] = {
	{
		"black", "python",
		"'''  A module.\n   '''\nimport os,sys\nfrom a.b import (c,)\n"
		"from a.very.long.module.name.that.goes.on import first_name_here, second_name_here, third_name\n"
		"def f(a,b = 'x',*args, **kw):\n    \"\"\" Says so.\n\n        Indented\n    \"\"\"\n"
		"    x = { 'a':1,\"b\":2 , 'c' : [1,2,3,], \"it's\": U'plain', 'q': 'it\\'s' , 'r': R'\\d' }\n    del (a, b)\n"
		"    del (c)\n    for (x, y) in z: print(x); print (y)\n    with (open(a)) as f: pass\n    if (a and\n"
		"        b): return (1)\n    return not(a)\nclass A():\n    def g( self ): return self.x [1 : 2]#comment\n"
		"    @property\n    def h(self): return f(1,\n        2,\n        3, 4) + 0XFF + 1E5 + 10J\n"
		"    def long(self):\n"
		"        return some_function_name(argument_one, argument_two)[0] + another_function(argument_three, four)\n"
		"x = a if b else(c)\nfor (i) in range(3):\n  while (i): i = i+1\ntry:\n"
		"  print(-(5)**2, F'{x!r:>10} y' \"z\", lambda x:x, await_ := 3)\nexcept (ValueError): pass\n"
		"assert (x), ('no')\nprint(\"hello %s\" % 'w', * x, ** y)\nif x:\n  pass\n# end\nelse: pass\n",
		"\"\"\"  A module.\n   \"\"\"\nimport os, sys\nfrom a.b import (\n    c,\n)\n"
		"from a.very.long.module.name.that.goes.on import (\n    first_name_here,\n    second_name_here,\n"
		"    third_name,\n)\n\n\ndef f(a, b=\"x\", *args, **kw):\n    \"\"\"Says so.\n\n    Indented\n    \"\"\"\n"
		"    x = {\n        \"a\": 1,\n        \"b\": 2,\n        \"c\": [\n            1,\n            2,\n"
		"            3,\n        ],\n        \"it's\": \"plain\",\n        \"q\": \"it's\",\n        \"r\": R\"\\d\",\n"
		"    }\n    del (a, b)\n    del c\n    for x, y in z:\n        print(x)\n        print(y)\n"
		"    with open(a) as f:\n        pass\n    if a and b:\n        return 1\n    return not (a)\n\n\nclass A:\n"
		"    def g(self):\n        return self.x[1:2]  # comment\n\n    @property\n    def h(self):\n"
		"        return f(1, 2, 3, 4) + 0xFF + 1e5 + 10j\n\n    def long(self):\n"
		"        return some_function_name(argument_one, argument_two)[0] + another_function(\n"
		"            argument_three, four\n        )\n\n\nx = a if b else (c)\nfor i in range(3):\n    while i:\n"
		"        i = i + 1\ntry:\n    print(-((5) ** 2), f\"{x!r:>10} y\" \"z\", lambda x: x, await_ := 3)\n"
		"except ValueError:\n    pass\nassert x, \"no\"\nprint(\"hello %s\" % \"w\", *x, **y)\nif x:\n    pass\n# end\n"
		"else:\n    pass\n",
	},
	{
		"prettier", "javascript",
		"'use strict'\nconst f = x => x * 2, g = (a,b) => { return a+b }\n"
		"const o = {'a': 1, 'b': [1,,2,], c: function(){ return 'it\\'s' },}\nfor (let i=0;i<10;i++) { f(i) }\n"
		"for (;;) { break }\nlet n = .5 + 1.50 + 0XAB + 1E5 ; let s = 'say \"hi\"' + \"it's\"\n"
		"if (a && b || c) d(); else e();\nnew Foo;\n"
		"const long = someFunctionName(argumentNumberOne, argumentNumberTwo, argumentNumberThree, four)\n"
		"class A extends B { constructor() { super(); this.x = 1; }; get y() { return this.x } }\n"
		"async function h() { await Promise.all([1,2].map(async x => { await f(x) })); }\n"
		"const e1 = <div className='a'>\n   hello   world <b>x</b>\n   {x}\n  </div>;\n"
		"export default f; export { g as\n default2 }\na ? b : c ? d : e\nconst t = `a${ b }c  d`\n"
		"switch(x){case 1: f(); break\ndefault: g() }\n;[1,2].forEach(x => f(x))\nimport z, {y} from './y'\n"
		"x = a % b * c\n",
		"\"use strict\";\nconst f = (x) => x * 2,\n  g = (a, b) => {\n    return a + b;\n  };\nconst o = {\n  a: 1,\n"
		"  b: [1, , 2],\n  c: function () {\n    return \"it's\";\n  },\n};\nfor (let i = 0; i < 10; i++) {\n  f(i);\n"
		"}\nfor (;;) {\n  break;\n}\nlet n = 0.5 + 1.5 + 0xab + 1e5;\nlet s = 'say \"hi\"' + \"it's\";\n"
		"if ((a && b) || c) d();\nelse e();\nnew Foo();\nconst long = someFunctionName(\n  argumentNumberOne,\n"
		"  argumentNumberTwo,\n  argumentNumberThree,\n  four,\n);\nclass A extends B {\n  constructor() {\n"
		"    super();\n    this.x = 1;\n  }\n  get y() {\n    return this.x;\n  }\n}\nasync function h() {\n"
		"  await Promise.all(\n    [1, 2].map(async (x) => {\n      await f(x);\n    }),\n  );\n}\nconst e1 = (\n"
		"  <div className=\"a\">\n    hello world <b>x</b>\n    {x}\n  </div>\n);\nexport default f;\n"
		"export { g as default2 };\na ? b : c ? d : e;\nconst t = `a${b}c  d`;\nswitch (x) {\n  case 1:\n    f();\n"
		"    break;\n  default:\n    g();\n}\n[1, 2].forEach((x) => f(x));\nimport z, { y } from \"./y\";\n"
		"x = (a % b) * c;\n",
	},
	{
		"prettier", "typescript",
		"interface A { a: string, b?: number; c(x: string): void }\ntype T = { a: 1; b: 'x' } | null\n"
		"const f = (x) => x as number\nexport const g = <T,>(x: T): T => { return x }\nenum E { A = 1, B }\n"
		"let v: Array<string> = [ 'a',\"b\" ]\n"
		"abstract class C<T> { private x = 1; constructor(readonly y: string) { } }\n"
		"declare module 'x' { export const y: number }\nconst h = x => x!.y\n",
		"interface A {\n  a: string;\n  b?: number;\n  c(x: string): void;\n}\ntype T = { a: 1; b: \"x\" } | null;\n"
		"const f = (x) => x as number;\nexport const g = <T>(x: T): T => {\n  return x;\n};\nenum E {\n  A = 1,\n  B,\n"
		"}\nlet v: Array<string> = [\"a\", \"b\"];\nabstract class C<T> {\n  private x = 1;\n"
		"  constructor(readonly y: string) {}\n}\ndeclare module \"x\" {\n  export const y: number;\n}\n"
		"const h = (x) => x!.y;\n",
	},
	{
		"gofmt", "go",
		"package main\nimport \"fmt\"\ntype T struct { a int\n  bb string `json:\"b\"`\n}\n"
		"func f(a int,b string)(int,error){ if (a > 1) { return a,nil }\n x := []int{1,2, 3,\n }\n"
		" for i:=0;i<len(x);i++ { fmt.Println( x[i] ) ; continue }\n for a<3 { a++ }\n"
		" var m = map[string]int { \"a\":1 }\n switch (a) { case 1: fallthrough\n default: _ = m }\n"
		" return a*2+1,nil // c\n}\nfunc main(){ f(0XFF, \"a\") ; go func(){}() }\n",
		"package main\n\nimport \"fmt\"\n\ntype T struct {\n\ta  int\n\tbb string `json:\"b\"`\n}\n\n"
		"func f(a int, b string) (int, error) {\n\tif a > 1 {\n\t\treturn a, nil\n\t}\n\tx := []int{1, 2, 3}\n"
		"\tfor i := 0; i < len(x); i++ {\n\t\tfmt.Println(x[i])\n\t\tcontinue\n\t}\n\tfor a < 3 {\n\t\ta++\n\t}\n"
		"\tvar m = map[string]int{\"a\": 1}\n\tswitch a {\n\tcase 1:\n\t\tfallthrough\n\tdefault:\n\t\t_ = m\n\t}\n"
		"\treturn a*2 + 1, nil // c\n}\nfunc main() { f(0xFF, \"a\"); go func() {}() }\n",
	},
	{
		"rustfmt", "rust",
		"use std::collections::HashMap;\nfn f(a:i32,b:&str,)->i32{ let s=\"a b\"; let t=(1,); let v=vec![1,2];\n"
		" match a { 1=>2, 2=>3, _=>4, } ; if a==1 { return ((a)) } ; println!(\"{}\",a); a }\n"
		"struct S{a:i32,b:String}\nimpl S { fn new( )->Self{ S{a:1,b:String::new(),} } }\n// end\n"
		"fn main() { let x = some_function_name(argument_one, argument_two, argument_three, argument_four); }\n",
		"use std::collections::HashMap;\nfn f(a: i32, b: &str) -> i32 {\n    let s = \"a b\";\n    let t = (1,);\n"
		"    let v = vec![1, 2];\n    match a {\n        1 => 2,\n        2 => 3,\n        _ => 4,\n    };\n"
		"    if a == 1 {\n        return (a);\n    };\n    println!(\"{}\", a);\n    a\n}\nstruct S {\n    a: i32,\n"
		"    b: String,\n}\nimpl S {\n    fn new() -> Self {\n        S {\n            a: 1,\n"
		"            b: String::new(),\n        }\n    }\n}\n// end\nfn main() {\n"
		"    let x = some_function_name(argument_one, argument_two, argument_three, argument_four);\n}\n",
	},
	{
		"clang-format", "c",
		"#include <stdio.h>\n#define X(a,b)   do { f(a); \\\n   g(b);  } while(0)\n"
		"int f(int a,char*b){if(a==1)return 2;for(int i=0;i<3;i++){printf(\"%d  x\\n\",a);}\n"
		"switch(a){case 1:break;default:;}\nstruct s{int x;}t={1};return(a+1)*2;}\n",
		"#include <stdio.h>\n#define X(a, b)                                                                \\\n"
		"  do {                                                                         \\\n"
		"    f(a);                                                                      \\\n"
		"    g(b);                                                                      \\\n  } while (0)\n"
		"int f(int a, char *b) {\n  if (a == 1)\n    return 2;\n  for (int i = 0; i < 3; i++) {\n"
		"    printf(\"%d  x\\n\", a);\n  }\n  switch (a) {\n  case 1:\n    break;\n  default:;\n  }\n  struct s {\n"
		"    int x;\n  } t = {1};\n  return (a + 1) * 2;\n}\n",
	},
};

/* Small pairs that are the same to the language, whoever made them. */
static const struct pair {
	const char *language, *before, *after;
} layout[] = {
	{ "python", "a = (1)\n", "a = 1\n" },
	{ "python", "a = 1; b = 2\n", "a = 1\nb = 2\n" },
	{ "python", "a = 1, 2\n", "a = (1, 2)\n" },
	{ "python", "x = 'it\\'s'\n", "x = \"it's\"\n" },
	{ "python", "x = B'a' + Rb'\\d'\n", "x = b\"a\" + rb'\\d'\n" },
	{ "python", "from a import b, c\n", "from a import (\n    b,\n    c,\n)\n" },
	{ "python", "with (a as b, c as d):\n  pass\n", "with a as b, c as d:\n    pass\n" },
	{ "python", "if a:\n  b\n\n\n  c\n", "if a:\n\tb\n\tc\n" },
	{ "python", "a = b + \\\n  c\n", "a = b + c\n" },
	{ "python", "f(a, b,)\n", "f(\n    a,\n    b,\n)\n" },
	{ "javascript", "a()\nb()\n", "a();\nb();\n" },
	{ "javascript", "x = {'a': 1}\n", "x = { a: 1, };\n" },
	{ "javascript", "f(async x => 1.0)\n", "f(async (x) => 1);\n" },
	{ "typescript", "interface A { a: 1, b: 2 }\n", "interface A {\n  a: 1;\n  b: 2;\n}\n" },
	{ "go", "package a\nvar x = f(1, 2,\n)\n", "package a\n\nvar x = f(1, 2)\n" },
	{ "rust", "fn f() -> (i32,) { return (1,) }\n", "fn f() -> (i32,) {\n    return (1,);\n}\n" },
	{ "c", "int f( void ){return 1;}", "int f(void)\n{\n\treturn 1;\n}\n" },
	{ "java", "class A{int f(){return 1;}}", "class A {\n  int f() {\n    return 1;\n  }\n}\n" },
};

static const struct pair meaning[] = {
	{ "python", "x = (a + b) * c\n", "x = a + b * c\n" },
	{ "python", "x = a - (b - c)\n", "x = a - b - c\n" },
	{ "python", "x = 'a'\n", "x = \"b\"\n" },
	{ "python", "x = 'a b'\n", "x = 'a  b'\n" },
	{ "python", "x = ' '\n", "x = ''\n" },
	{ "python", "x = ','\n", "x = ''\n" },
	{ "python", "x = 'a\\n'\n", "x = 'b\\n'\n" },
	{ "python", "x = r'\\''\n", "x = r\"'\"\n" },
	{ "python", "x = 'a'\n", "x = b'a'\n" },
	{ "python", "x = 'a' 'b'\n", "x = 'ab'\n" },
	{ "python", "x = f'{a:>3}'\n", "x = f'{a:>4}'\n" },
	{ "python", "x = 1\n", "x = 2\n" },
	{ "python", "x = 1\n", "x = 1.0\n" },
	{ "python", "x = (1,)\n", "x = (1)\n" },
	{ "python", "x = 1,\n", "x = 1\n" },
	{ "python", "x = y[1,]\n", "x = y[1]\n" },
	{ "python", "f((a, b))\n", "f(a, b)\n" },
	{ "python", "x = not a\n", "x = a\n" },
	{ "python", "x = (a < b) < c\n", "x = a < b < c\n" },
	{ "python", "x = (not a) in b\n", "x = not a in b\n" },
	{ "python", "a()\nb()\n", "a()\n" },
	{ "python", "if a:\n  b()\n  c()\n", "if a:\n  b()\nc()\n" },
	{ "python", "if a:\n  if b:\n    c\n  else:\n    d\n", "if a:\n  if b:\n    c\nelse:\n  d\n" },
	{ "python", "import a\nimport b\n", "import b\nimport a\n" },
	{ "python", "from a import b, c\n", "from a import c, b\n" },
	{ "python", "x = 1  # noqa\n", "x = 1\n" },
	{ "python", "x = 1  # noqa\ny = 2\n", "x = 1\ny = 2  # noqa\n" },
	{ "python", "assert (a, b)\n", "assert a, b\n" },
	{ "python", "def f():\n  return\n  x\n", "def f():\n  return x\n" },
	{ "python", "def f(a, /, b): pass\n", "def f(a, b): pass\n" },
	{ "python", "x = [a]\n", "x = a\n" },
	{ "python", "x = {a}\n", "x = {a: a}\n" },
	{ "python", "x = (await a) ** b\n", "x = await (a ** b)\n" },
	{ "python", "x = (\n", "x = (\n\n" },
	{ "javascript", "x = [1,,2]\n", "x = [1,2]\n" },
	{ "javascript", "x = [1,,]\n", "x = [1,]\n" },
	{ "javascript", "if (a); else b()\n", "if (a) b()\n" },
	{ "javascript", "if (a);\nb()\n", "if (a)\nb()\n" },
	{ "javascript", "for (a;;) b()\n", "for (;a;) b()\n" },
	{ "javascript", "function f() { return\nx }\n", "function f() { return x }\n" },
	{ "javascript", "x = (a?.b).c\n", "x = a?.b.c\n" },
	{ "javascript", "x = a => ({})\n", "x = a => {}\n" },
	{ "javascript", "f((a, b))\n", "f(a, b)\n" },
	{ "javascript", "x = 'a'\n", "x = `a`\n" },
	{ "javascript", "x = `a `\n", "x = `a`\n" },
	{ "javascript", "x = 010\n", "x = 10\n" },
	{ "javascript", "x = a == b\n", "x = a === b\n" },
	{ "javascript", "('use strict')\n", "'use strict'\n" },
	{ "javascript", "x = {a: 1}\n", "x = {[a]: 1}\n" },
	{ "javascript", "x = /a b/\n", "x = /a  b/\n" },
	{ "javascript", "x = <a>b c</a>\n", "x = <a>bc</a>\n" },
	{ "javascript", "x = <a> {b}</a>\n", "x = <a>{b}</a>\n" },
	{ "typescript", "let a: string\n", "let a: number\n" },
	{ "typescript", "let a = b as any\n", "let a = b\n" },
	{ "go", "package a\n//go:build x\n", "package a\n// go:build x\n" },
	{ "go", "package a\nvar x = \"a\"\n", "package a\nvar x = `a`\n" },
	{ "go", "package a\nvar x = (a + b) * c\n", "package a\nvar x = a + b*c\n" },
	{ "rust", "fn f() -> i32 { x }\n", "fn f() -> i32 { x; }\n" },
	{ "rust", "fn f() { let x = (1,); }\n", "fn f() { let x = (1); }\n" },
	{ "rust", "fn f() { (a.b)() }\n", "fn f() { a.b() }\n" },
	{ "rust", "fn f() { m![a, b,] }\n", "fn f() { m![a, b] }\n" },
	{ "c", "#define X(a) (a)\n", "#define X(a) a\n" },
	{ "c", "#define X a b\n", "#define X ab\n" },
	{ "c", "#define X \"a b\"\n", "#define X \"a  b\"\n" },
	{ "c", "#define X(a) 1\n", "#define X (a) 1\n" },
	{ "c", "int x = a-(b-c);", "int x = a-b-c;" },
	{ "c", "int f(void) { if (a); b(); }", "int f(void) { if (a) b(); }" },
	{ "c", "int x[] = { F(a,) };", "int x[] = { F(a) };" },
	{ "java", "class A { int x = 1; }", "class A { int x = 2; }" },
	{ "bash", "a b\n", "a  'b'\n" },
};

static bool same(const char *language, const char *before, const char *after)
{
	ARENA a = {0};

	return syntax_same(&a, language, str_of(before), str_of(after));
}

static void formatters_work_is_layout(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(formatted) / sizeof(formatted[0]); i++) {
		if (!same(formatted[i].language, formatted[i].before, formatted[i].after) ||
		    !same(formatted[i].language, formatted[i].after, formatted[i].before))
			fail_msg("%s on %s is not seen as layout", formatted[i].formatter,
				 formatted[i].language);
		assert_string_not_equal(formatted[i].before, formatted[i].after);
	}
	for (size_t i = 0; i < sizeof(layout) / sizeof(layout[0]); i++)
		if (!same(layout[i].language, layout[i].before, layout[i].after) ||
		    !same(layout[i].language, layout[i].after, layout[i].before))
			fail_msg("not seen as layout: %s%s", layout[i].before, layout[i].after);
}

static void a_change_of_meaning_is_none(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(meaning) / sizeof(meaning[0]); i++)
		if (same(meaning[i].language, meaning[i].before, meaning[i].after) ||
		    same(meaning[i].language, meaning[i].after, meaning[i].before))
			fail_msg("seen as layout: %s%s", meaning[i].before, meaning[i].after);
}

/* One digit, name or operator changed anywhere in real code is never layout. */
static void every_changed_character_counts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(formatted) / sizeof(formatted[0]); i++) {
		ARENA a = {0};
		char *text = arena_strdup(&a, formatted[i].after);
		unsigned changed = 0;

		for (size_t at = 0; text[at]; at++) {
			char was = text[at], now = 0;

			if (was >= '0' && was <= '8')
				now = (char)(was + 1);
			else if (strchr("+-<>", was))
				now = was == '+' ? '-' : was == '-' ? '+' : was == '<' ? '>' : '<';
			else if (was >= 'a' && was <= 'y')
				now = (char)(was + 1);
			if (!now)
				continue;
			text[at] = now;
			if (same(formatted[i].language, formatted[i].after, text))
				fail_msg("%s: change at byte %zu not seen:\n%s",
					 formatted[i].language, at, text);
			text[at] = was;
			changed++;
		}
		assert_true(changed > 50);
	}
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(formatters_work_is_layout),
		cmocka_unit_test(a_change_of_meaning_is_none),
		cmocka_unit_test(every_changed_character_counts),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}
