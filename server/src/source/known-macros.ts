/**
 * Macros of widespread libraries that a workspace rarely defines itself. Written from the libraries' manuals; a name
 * that means something else somewhere does not belong here.
 */
import type { Meaning } from './attributes.ts';
import type { MacroRole, MacroShape } from './macro-roles.ts';

const lists: readonly (readonly [MacroRole, string])[] = [
  [
    'iteration',
    // sys/queue.h, sys/tree.h
    'SLIST_FOREACH SLIST_FOREACH_SAFE SLIST_FOREACH_FROM SLIST_FOREACH_FROM_SAFE SLIST_FOREACH_PREVPTR LIST_FOREACH LIST_FOREACH_SAFE ' +
      'LIST_FOREACH_FROM STAILQ_FOREACH STAILQ_FOREACH_SAFE STAILQ_FOREACH_FROM SIMPLEQ_FOREACH SIMPLEQ_FOREACH_SAFE ' +
      'TAILQ_FOREACH TAILQ_FOREACH_SAFE TAILQ_FOREACH_FROM TAILQ_FOREACH_REVERSE TAILQ_FOREACH_REVERSE_SAFE CIRCLEQ_FOREACH ' +
      'CIRCLEQ_FOREACH_REVERSE RB_FOREACH RB_FOREACH_SAFE RB_FOREACH_FROM RB_FOREACH_REVERSE RB_FOREACH_REVERSE_SAFE SPLAY_FOREACH ' +
      // utlist, uthash
      'LL_FOREACH LL_FOREACH2 LL_FOREACH_SAFE LL_FOREACH_SAFE2 DL_FOREACH DL_FOREACH2 DL_FOREACH_SAFE DL_FOREACH_SAFE2 CDL_FOREACH ' +
      'CDL_FOREACH2 CDL_FOREACH_SAFE HASH_ITER ' +
      // kernel lists
      'list_for_each list_for_each_safe list_for_each_prev list_for_each_prev_safe list_for_each_entry list_for_each_entry_safe ' +
      'list_for_each_entry_reverse list_for_each_entry_safe_reverse list_for_each_entry_continue list_for_each_entry_from ' +
      'list_for_each_entry_rcu list_for_each_rcu hlist_for_each hlist_for_each_safe hlist_for_each_entry hlist_for_each_entry_safe ' +
      'hlist_for_each_entry_rcu hash_for_each hash_for_each_safe hash_for_each_possible for_each_possible_cpu for_each_online_cpu ' +
      'for_each_set_bit for_each_clear_bit for_each_child_of_node for_each_node_by_name rbtree_postorder_for_each_entry_safe ' +
      'wl_list_for_each wl_list_for_each_safe wl_list_for_each_reverse wl_array_for_each json_object_foreach json_array_foreach ' +
      'json_object_foreach_safe cJSON_ArrayForEach json_object_object_foreach msgpack_foreach foreach Q_FOREACH FOREACH',
  ],
  [
    'annotation',
    'G_BEGIN_DECLS G_END_DECLS G_GNUC_UNUSED G_GNUC_CONST G_GNUC_NO_INSTRUMENT G_GNUC_NULL_TERMINATED G_GNUC_PRINTF G_GNUC_SCANF ' +
      'G_GNUC_FORMAT G_GNUC_STRFTIME G_GNUC_DEPRECATED G_GNUC_DEPRECATED_FOR G_GNUC_MAY_ALIAS G_GNUC_INTERNAL G_GNUC_FALLTHROUGH ' +
      'G_INLINE_FUNC G_MODULE_EXPORT G_LIKELY_ATTRIBUTE G_DEPRECATED G_DEPRECATED_FOR G_UNAVAILABLE GLIB_AVAILABLE_IN_ALL ' +
      '__BEGIN_DECLS __END_DECLS __THROW __THROWNL __nonnull __wur __attribute_pure__ __attribute_const__ __restrict_arr ' +
      '__user __kernel __iomem __rcu __percpu __force __init __exit __initdata __exitdata __devinit __devexit __must_check __maybe_unused ' +
      '__always_unused __used __cold __hot __always_inline noinline __visible asmlinkage __sched __ref __net_init __net_exit __read_mostly ' +
      '__printf __scanf __aligned __packed __unused __dead2 __pure2 __weak __section __deprecated __unused2 __dllexport ' +
      'WINAPI APIENTRY CALLBACK WINAPIV PASCAL STDMETHODCALLTYPE STDAPICALLTYPE _In_ _Out_ _Inout_ _In_opt_ _Out_opt_ ' +
      '_Inout_opt_ EFIAPI XMLCALL XMLPUBFUN XMLPUBVAR XMLCDECL ZEXPORT ZEXPORTVA ZEXTERN CURL_EXTERN PNGAPI ' +
      'SQLITE_API SQLITE_EXTERN SQLITE_PRIVATE SQLITE_NOINLINE SQLITE_WSD JNIEXPORT JNICALL PGDLLIMPORT PGDLLEXPORT ' +
      'pg_attribute_unused pg_attribute_printf PyAPI_FUNC_ATTRIBUTE ISC_LANG_BEGINDECLS ISC_LANG_ENDDECLS ARG_UNUSED ATTRIBUTE_UNUSED ' +
      'ATTRIBUTE_PRINTF UNUSED_PARAM FAST_FUNC MAYBE_UNUSED __cdecl16 MBEDTLS_PRINTF_ATTRIBUTE',
  ],
  [
    'string',
    ['8', '16', '32', '64', 'MAX', 'PTR']
      .flatMap((width) =>
        ['d', 'i', 'o', 'u', 'x', 'X'].flatMap((letter) => [`PRI${letter}${width}`, `SCN${letter}${width}`]),
      )
      .join(' ') +
      ' G_GINT64_FORMAT G_GUINT64_FORMAT G_GSIZE_FORMAT G_GSSIZE_FORMAT G_GINT64_MODIFIER G_GINTPTR_FORMAT G_GUINTPTR_FORMAT ' +
      'G_GINT32_FORMAT G_GUINT32_FORMAT G_GINT16_FORMAT G_GUINT16_FORMAT G_GOFFSET_FORMAT G_DIR_SEPARATOR_S G_STRLOC G_STRFUNC ' +
      'G_LOG_DOMAIN',
  ],
  ['cast', 'BAD_CAST'],
  [
    'declaration',
    'LIST_HEAD SLIST_HEAD STAILQ_HEAD SIMPLEQ_HEAD TAILQ_HEAD CIRCLEQ_HEAD RB_HEAD SPLAY_HEAD ' +
      'RB_PROTOTYPE RB_PROTOTYPE_STATIC RB_GENERATE RB_GENERATE_STATIC SPLAY_PROTOTYPE SPLAY_GENERATE ' +
      'G_DEFINE_TYPE G_DEFINE_TYPE_WITH_CODE G_DEFINE_TYPE_WITH_PRIVATE G_DEFINE_ABSTRACT_TYPE G_DEFINE_INTERFACE G_DEFINE_BOXED_TYPE ' +
      'G_DEFINE_QUARK G_DEFINE_AUTOPTR_CLEANUP_FUNC G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC G_DEFINE_AUTO_CLEANUP_FREE_FUNC ' +
      'G_DECLARE_FINAL_TYPE G_DECLARE_DERIVABLE_TYPE G_DECLARE_INTERFACE G_LOCK_DEFINE_STATIC G_LOCK_DEFINE G_LOCK_EXTERN ' +
      'G_STATIC_ASSERT MODULE_LICENSE MODULE_AUTHOR MODULE_DESCRIPTION EXPORT_SYMBOL EXPORT_SYMBOL_GPL module_init module_exit ' +
      'DEFINE_MUTEX DEFINE_SPINLOCK PG_MODULE_MAGIC PG_FUNCTION_INFO_V1 _Static_assert static_assert',
  ],
  ['defer', 'defer _Defer'],
];

const shape = (role: MacroRole, meanings: readonly Meaning[] = []): MacroShape => ({
  role,
  meanings,
  typeParameters: [],
  braces: 0,
  isComplete: false,
});

const shapes = new Map<string, MacroShape>();
for (const [role, names] of lists) {
  const takesArguments = role === 'iteration' || role === 'declaration';
  for (const name of names.split(' ')) {
    shapes.set(name, takesArguments ? { ...shape(role), isFunctionLike: true } : shape(role));
  }
}

const cleanup = (name: string, cleaner: string): void => {
  shapes.set(name, shape('annotation', [{ kind: 'cleanup', function: cleaner }]));
};
cleanup('g_autofree', 'g_free');
cleanup('_cleanup_free_', 'free');
cleanup('_cleanup_close_', 'close');
cleanup('_cleanup_fclose_', 'fclose');
cleanup('_cleanup_closedir_', 'closedir');
cleanup('_cleanup_strv_free_', 'strv_freep');
for (const name of [
  'G_GNUC_NORETURN',
  'G_NORETURN',
  '__noreturn',
  '__dead',
  'pg_attribute_noreturn',
  '_dead2',
  'ATTRIBUTE_NORETURN',
  'NORETURN',
]) {
  shapes.set(name, shape('annotation', [{ kind: 'noreturn' }]));
}
for (const name of ['G_GNUC_MALLOC', '__attribute_malloc__', '__malloc']) {
  shapes.set(name, shape('annotation', [{ kind: 'malloc' }]));
}
for (const name of ['G_GNUC_WARN_UNUSED_RESULT', '__must_check', '__wur', '__result_use_check']) {
  shapes.set(name, shape('annotation', [{ kind: 'warn-unused-result' }]));
}
for (const name of ['G_GNUC_PURE', '__attribute_pure__', '__pure'])
  shapes.set(name, shape('annotation', [{ kind: 'pure', isConstant: false }]));

/** The shape of a well-known macro, or `undefined`. */
export function knownShape(name: string): MacroShape | undefined {
  return shapes.get(name);
}

/** Macros that stand for `T *` with automatic clean-up: `g_autoptr(T)`; the value is the suffix behind the type. */
const automaticTypes = new Map([
  ['g_autoptr', '*'],
  ['g_autolist', '*'],
  ['g_autoslist', '*'],
  ['g_autoqueue', '*'],
  ['g_auto', ''],
]);

/** For `g_autoptr` and its kin what stands behind the type (`*` or nothing); `undefined` for any other name. */
export function automaticTypeSuffix(name: string): string | undefined {
  return automaticTypes.get(name);
}
