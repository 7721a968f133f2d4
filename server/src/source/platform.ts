/** The one platform that is assumed where nobody says otherwise: a 64-bit GNU/Linux with a GNU-compatible C compiler. */

const undefinedNames = new Set(
  (
    '__cplusplus _WIN32 WIN32 _WIN64 WIN64 __WIN32__ _WINDOWS WINDOWS _WIN32_WCE UNDER_CE WINNT __NT__ _MSC_VER __MINGW32__ __MINGW64__ ' +
    '__CYGWIN__ __CYGWIN32__ __APPLE__ __MACH__ __DARWIN__ macintosh MACOSX __MACOSX__ TARGET_OS_IPHONE __OS2__ OS2 __EMX__ MSDOS __MSDOS__ ' +
    '__DJGPP__ __GO32__ DJGPP __TURBOC__ __BORLANDC__ __WATCOMC__ __DMC__ __SYMBIAN32__ __VMS VMS __vms __OpenVMS AMIGA __amigaos4__ ' +
    '__AMIGA__ __BEOS__ __HAIKU__ __QNX__ __QNXNTO__ __riscos__ __TANDEM _TANDEM_SOURCE __NOVELL_LIBC__ NETWARE __hpux hpux __HPUX__ ' +
    '_AIX __sgi __osf__ __sun sun __SVR4 __ultrix __OS400__ __MVS__ __SUNPRO_C __xlC__ __IBMC__ __DECC __HP_cc __ICCARM__ __CC_ARM __KEIL__ ' +
    '__C166__ __TINYC__ __LCC__ __POCC__ __EMSCRIPTEN__ __wasm__ __ANDROID__ __minix __CLOUDABI__ __FreeBSD__ __NetBSD__ __OpenBSD__ ' +
    '__DragonFly__ __FreeBSD_kernel__ lint __lint__ LINT __LINT__ __CODECHECKER__ S_SPLINT_S SWIG __GENKSYMS__ CPP_CHECK __COVERITY__ __KLOCWORK__ ' +
    '__clang_analyzer__ GTK_DOC __GTK_DOC_IGNORE__ __GI_SCANNER__ EBCDIC __CHARSET_EBCDIC'
  ).split(' '),
);

const definedNames = new Map([
  ['__GNUC__', '12'],
  ['__GNUC_MINOR__', '2'],
  ['__STDC__', '1'],
  ['__STDC_VERSION__', '201710'],
  ['__STDC_HOSTED__', '1'],
  ['__GLIBC__', '2'],
  ['__GNU_LIBRARY__', '6'],
  ['__linux__', '1'],
  ['__linux', '1'],
  ['linux', '1'],
  ['__unix__', '1'],
  ['__unix', '1'],
  ['unix', '1'],
  ['__LP64__', '1'],
  ['_LP64', '1'],
  ['__x86_64__', '1'],
  ['__CHAR_BIT__', '8'],
]);

/** The value of a predefined macro: a body, `null` where it is not defined, `undefined` where nothing is assumed. */
export function platformDefine(name: string): string | null | undefined {
  return definedNames.get(name) ?? (undefinedNames.has(name) ? null : undefined);
}
