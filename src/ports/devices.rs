//! Looks at devices, of the directory and of Intune. Cannot change anything.

use async_trait::async_trait;

use crate::domain::{
    devices::{Device, DeviceId, ManagedDevice, ManagedDeviceId, ManagedFilter},
    ids::{TenantId, UserId},
    trouble::Result,
};

/// Reads devices.
#[async_trait]
pub trait Devices: Send + Sync {
    /// One device of the directory with its owners, or `None` when there is none.
    async fn device(&self, id: &DeviceId) -> Result<Option<Device>>;

    /// Devices of the directory with exactly this name, with their owners. At most 20.
    async fn devices_named(&self, tenant: &TenantId, name: &str) -> Result<Vec<Device>>;

    /// Devices of the directory with their owners: at most `limit`.
    async fn every_device(&self, tenant: &TenantId, limit: usize) -> Result<Vec<Device>>;

    /// Devices that this user owns, as `filter` (Graph's `$filter`) lets them through; each
    /// with the further properties of `select`, by name. At most 500.
    async fn devices_owned(
        &self,
        user: &UserId,
        filter: Option<&str>,
        select: &[String],
    ) -> Result<Vec<(Device, Vec<String>)>>;

    /// One device of Intune, or `None` when there is none.
    async fn managed_device(&self, id: &ManagedDeviceId) -> Result<Option<ManagedDevice>>;

    /// Devices of Intune, at most `limit`, and whether there are more.
    async fn managed_devices(
        &self,
        tenant: &TenantId,
        filter: &ManagedFilter,
        limit: usize,
    ) -> Result<(Vec<ManagedDevice>, bool)>;
}
