"""The door of treasury."""

from __future__ import annotations

from hukumati.domain.treasury.accounts import find_account_for_transfers, list_accounts
from hukumati.domain.treasury.actions.clearing import approve_clearing, propose_clearing, reject_clearing
from hukumati.domain.treasury.actions.differences import resolve
from hukumati.domain.treasury.actions.fetching import fetch_mail
from hukumati.domain.treasury.actions.files import take_file
from hukumati.domain.treasury.actions.matching import match
from hukumati.domain.treasury.actions.settlements import take_list, take_lists
from hukumati.domain.treasury.checking import check
from hukumati.domain.treasury.facts import (
    CLEARS,
    AccountToday,
    BankFileRefused,
    ClearingFacts,
    ClearingKind,
    ClearingWaits,
    ClearsOwnProposal,
    DifferenceFacts,
    DifferenceKind,
    DifferenceNotFound,
    DifferenceResolved,
    FileFacts,
    FileKind,
    NothingToClear,
    ProviderToday,
    ReasonMissing,
    RefusedFacts,
    StillInSuspense,
    TargetUnknown,
    TreasurerOnly,
    TreasuryFault,
)
from hukumati.domain.treasury.queries import (
    LISTED_MAX,
    count_differences,
    find_clearing,
    find_last_fetch,
    get_difference,
    list_accounts_today,
    list_answered,
    list_differences,
    list_files,
    list_payers,
    list_providers_today,
    list_refused_files,
    oldest_due,
    suspense,
)
from hukumati.domain.treasury.statements import FILE_BYTES_MAX

__all__ = [
    "CLEARS",
    "FILE_BYTES_MAX",
    "LISTED_MAX",
    "AccountToday",
    "BankFileRefused",
    "ClearingFacts",
    "ClearingKind",
    "ClearingWaits",
    "ClearsOwnProposal",
    "DifferenceFacts",
    "DifferenceKind",
    "DifferenceNotFound",
    "DifferenceResolved",
    "FileFacts",
    "FileKind",
    "NothingToClear",
    "ProviderToday",
    "ReasonMissing",
    "RefusedFacts",
    "StillInSuspense",
    "TargetUnknown",
    "TreasurerOnly",
    "TreasuryFault",
    "approve_clearing",
    "check",
    "count_differences",
    "fetch_mail",
    "find_account_for_transfers",
    "find_clearing",
    "find_last_fetch",
    "get_difference",
    "list_accounts",
    "list_accounts_today",
    "list_answered",
    "list_differences",
    "list_files",
    "list_payers",
    "list_providers_today",
    "list_refused_files",
    "match",
    "oldest_due",
    "propose_clearing",
    "reject_clearing",
    "resolve",
    "suspense",
    "take_file",
    "take_list",
    "take_lists",
]
