;; Opens the file named in RITUAL_FILE with the server through eglot and prints what flymake shows.
;; Run by emacs.test.ts.
(package-initialize)
(require 'eglot)
(require 'flymake)
(add-to-list 'eglot-server-programs
             `(c-mode . (,(getenv "RITUAL_NODE") ,(getenv "RITUAL_SERVER") "--stdio")))
(setq eglot-sync-connect 30)
(find-file (getenv "RITUAL_FILE"))
(c-mode)
(apply #'eglot (eglot--guess-contact))
(let ((waited 0))
  (while (and (< waited 300) (null (flymake-diagnostics)))
    (accept-process-output nil 0.1)
    (when (= 0 (mod waited 10)) (flymake-start))
    (setq waited (1+ waited))))
(dolist (diagnostic (flymake-diagnostics))
  (princ (format "diagnostic %d %s\n"
                 (line-number-at-pos (flymake-diagnostic-beg diagnostic))
                 (flymake-diagnostic-text diagnostic))))
;; The story of the pointer in the second free of the file's last function.
(goto-char (point-max))
(search-backward "free(name)")
(forward-char 5)
(princ (format "hover %s\n"
               (plist-get (plist-get (jsonrpc-request (eglot-current-server) :textDocument/hover
                                                      (eglot--TextDocumentPositionParams))
                                     :contents)
                          :value)))
;; Every safe repair at once, as this client has no way to ask for an edit later; the text is saved.
(let* ((finding (car (flymake-diagnostics (line-beginning-position) (line-end-position))))
       (beg (flymake-diagnostic-beg finding))
       (end (flymake-diagnostic-end finding))
       (actions (jsonrpc-request (eglot-current-server) :textDocument/codeAction
                                 (list :textDocument (eglot--TextDocumentIdentifier)
                                       :range (list :start (eglot--pos-to-lsp-position beg)
                                                    :end (eglot--pos-to-lsp-position end))
                                       :context (list :diagnostics [])))))
  (mapc (lambda (action) (princ (format "action %s\n" (plist-get action :title)))) actions)
  (let ((all (seq-find (lambda (action) (string-prefix-p "Fix all safe" (plist-get action :title))) actions)))
    (eglot--apply-workspace-edit (plist-get all :edit))
    (save-buffer)))
(eglot-shutdown (eglot-current-server))
(kill-emacs 0)
