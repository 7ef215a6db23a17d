//! Devices, invitations and eligible roles
//! (property tables under learn.microsoft.com/graph/api/resources).

use super::kinds::{
    Kind,
    Shape::{Flag, Other, Text, Texts, Time},
    Use::{Open, Seen, Shown},
    p, plain,
};

pub(in super::super) const DEVICE: Kind = Kind {
    searches: &["displayName"],
    directory: true,
    expands: &["registeredOwners", "registeredUsers"],
    ..plain(
        "microsoft.graph.device",
        "devices",
        &[
            p("id", Text, Seen),
            p("deletedDateTime", Time, Seen),
            p("accountEnabled", Flag, Open),
            p("approximateLastSignInDateTime", Time, Seen),
            p("complianceExpirationDateTime", Time, Shown),
            p("deviceCategory", Text, Shown),
            p("deviceId", Text, Seen),
            p("deviceOwnership", Text, Shown),
            p("displayName", Text, Open),
            p("enrollmentProfileName", Text, Shown),
            p("enrollmentType", Text, Shown),
            p("isCompliant", Flag, Open),
            p("isManaged", Flag, Open),
            p("isRooted", Flag, Open),
            p("managementType", Text, Open),
            p("manufacturer", Text, Shown),
            p("mdmAppId", Text, Open),
            p("model", Text, Shown),
            p("onPremisesLastSyncDateTime", Time, Seen),
            p("onPremisesSyncEnabled", Flag, Seen),
            p("operatingSystem", Text, Open),
            p("operatingSystemVersion", Text, Open),
            p("physicalIds", Texts, Seen),
            p("profileType", Text, Seen),
            p("registrationDateTime", Time, Seen),
            p("systemLabels", Texts, Seen),
            p("trustType", Text, Seen),
        ],
    )
};

pub(in super::super) const MANAGED_DEVICE: Kind = plain(
    "microsoft.graph.managedDevice",
    "deviceManagement/managedDevices",
    &[
        p("id", Text, Open),
        p("azureADDeviceId", Text, Open),
        p("azureADRegistered", Flag, Open),
        p("complianceState", Text, Open),
        p("deviceActionResults", Other, Shown),
        p("deviceCategoryDisplayName", Text, Open),
        p("deviceEnrollmentType", Text, Open),
        p("deviceName", Text, Open),
        p("deviceRegistrationState", Text, Open),
        p("emailAddress", Text, Open),
        p("enrolledDateTime", Time, Open),
        p("imei", Text, Open),
        p("isEncrypted", Flag, Open),
        p("isSupervised", Flag, Open),
        p("jailBroken", Text, Open),
        p("lastSyncDateTime", Time, Open),
        p("managedDeviceName", Text, Open),
        p("managedDeviceOwnerType", Text, Open),
        p("managementAgent", Text, Open),
        p("managementState", Text, Open),
        p("manufacturer", Text, Open),
        p("model", Text, Open),
        p("operatingSystem", Text, Open),
        p("osVersion", Text, Open),
        p("phoneNumber", Text, Open),
        p("serialNumber", Text, Open),
        p("userDisplayName", Text, Open),
        p("userId", Text, Open),
        p("userPrincipalName", Text, Open),
    ],
);

pub(in super::super) const INVITATION: Kind = plain(
    "microsoft.graph.invitation",
    "invitations",
    &[
        p("id", Text, Shown),
        p("inviteRedeemUrl", Text, Shown),
        p("inviteRedirectUrl", Text, Open),
        p("invitedUserDisplayName", Text, Open),
        p("invitedUserEmailAddress", Text, Open),
        p("invitedUserMessageInfo", Other, Open),
        p("invitedUserType", Text, Open),
        p("resetRedemption", Flag, Open),
        p("sendInvitationMessage", Flag, Open),
        p("status", Text, Shown),
        p("invitedUser", Other, Shown),
    ],
);

pub(in super::super) const ELIGIBLE: Kind = Kind {
    expands: &["roleDefinition", "principal"],
    ..plain(
        "microsoft.graph.unifiedRoleEligibilityScheduleInstance",
        "roleManagement/directory/roleEligibilityScheduleInstances",
        &[
            p("id", Text, Seen),
            p("principalId", Text, Open),
            p("roleDefinitionId", Text, Open),
            p("directoryScopeId", Text, Open),
            p("appScopeId", Text, Open),
            p("startDateTime", Time, Shown),
            p("endDateTime", Time, Shown),
            p("memberType", Text, Open),
            p("roleEligibilityScheduleId", Text, Open),
        ],
    )
};
